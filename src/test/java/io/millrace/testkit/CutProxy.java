package io.millrace.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy that tells connections apart by the Kafka client id of their first request, and cuts
 * them: at once, or in the middle, when the broker has the request and the client not its answer.
 * Thread-safe.
 */
public final class CutProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket server;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final Set<String> barred = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cuts = new AtomicInteger();

  CutProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Closes the client's connections and refuses it new ones: to the broker it is dead. */
  public void bar(String clientId) {
    barred.add(clientId);
    links.stream().filter(link -> link.clientId.equals(clientId)).forEach(Link::close);
  }

  /**
   * The client's connection that carried a request last loses the broker's next answer and is
   * closed; its requests do arrive. Connections made later are left alone.
   */
  public void loseNextAnswer(String clientId) {
    links.stream()
        .filter(link -> link.clientId.equals(clientId))
        .max(Comparator.comparingLong(link -> link.lastRequestNs))
        .ifPresent(link -> link.losesAnswer = true);
  }

  /** Number of connections whose answer was lost. */
  public int cuts() {
    return cuts.get();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    links.forEach(Link::close);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        daemon(() -> open(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void open(Socket client) {
    try {
      client.setTcpNoDelay(true);
      byte[] first = firstRequest(new DataInputStream(client.getInputStream()));
      Link link = new Link(client, clientId(first));
      links.add(link);
      if (barred.contains(link.clientId)) {
        link.close();
        return;
      }
      link.broker = new Socket(InetAddress.getLoopbackAddress(), target);
      link.broker.setTcpNoDelay(true);
      link.broker.getOutputStream().write(first);
      daemon(link::answers);
      link.requests();
    } catch (IOException e) {
      close(client); // either side went away before it said anything
    }
  }

  private static byte[] firstRequest(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size < 10 || size > 1 << 20) {
      throw new EOFException("no request of a Kafka client");
    }
    ByteBuffer frame = ByteBuffer.allocate(4 + size).putInt(size);
    in.readFully(frame.array(), 4, size);
    return frame.array();
  }

  private static String clientId(byte[] frame) {
    short length = ByteBuffer.wrap(frame).getShort(12);
    return length < 0 ? "" : new String(frame, 14, length, StandardCharsets.UTF_8);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "cut-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Link {
    private final Socket client;
    private final String clientId;
    private volatile Socket broker = new Socket();
    private volatile boolean losesAnswer;
    private volatile long lastRequestNs = System.nanoTime();

    Link(Socket client, String clientId) {
      this.client = client;
      this.clientId = clientId;
    }

    void requests() {
      copy(client, broker, false);
    }

    void answers() {
      copy(broker, client, true);
    }

    private void copy(Socket from, Socket to, boolean losing) {
      byte[] buffer = new byte[16 * 1024];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (!losing) {
            lastRequestNs = System.nanoTime();
          } else if (losesAnswer) {
            cuts.incrementAndGet();
            break;
          }
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        // one side closed: so does the other, below
      } finally {
        close();
      }
    }

    void close() {
      links.remove(this);
      CutProxy.close(client);
      CutProxy.close(broker);
    }
  }
}
