package io.millrace.bench;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection that sends frames and reads the answers, which come in the order of the requests.
 * One thread sends, one thread reads.
 */
final class RawClient {
  private static final int SIZE_FIELD_BYTES = 4;
  private static final int ANSWER_BYTES_MAX = 4096;
  private static final long SOCKET_FULL_NS = 50_000;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Queue<Long> dueNs = new ConcurrentLinkedQueue<>();

  // Confined to: the thread that reads.
  private final ByteBuffer in = ByteBuffer.allocate(ANSWER_BYTES_MAX);

  /** What becomes of the requests. */
  interface Answers {
    void answered(long dueNs, boolean taken);
  }

  RawClient(SocketAddress server, Selector selector) throws IOException {
    channel = SocketChannel.open(server);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    // Closed by a reset, so that ten thousand ports do not stay taken for a minute.
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Sends a request whose time has come; waits while the socket is full. */
  void send(ByteBuffer frame, long requestDueNs) throws IOException {
    dueNs.add(requestDueNs);
    while (frame.hasRemaining()) {
      if (channel.write(frame) == 0) {
        LockSupport.parkNanos(SOCKET_FULL_NS);
      }
    }
  }

  /** Requests without an answer. */
  int outstanding() {
    return dueNs.size();
  }

  /** Takes the answers that the selector found ready. */
  void ready(Answers answers) throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the broker closed a connection");
    }
    in.flip();
    while (in.remaining() >= SIZE_FIELD_BYTES) {
      int size = in.getInt(in.position());
      if (in.remaining() < SIZE_FIELD_BYTES + size) {
        break;
      }
      int end = in.position() + SIZE_FIELD_BYTES + size;
      ByteBuffer answer = in.slice(in.position() + SIZE_FIELD_BYTES, size);
      answers.answered(dueNs.remove(), ProduceFrames.taken(answer));
      in.position(end);
    }
    in.compact();
  }

  void close() throws IOException {
    key.cancel();
    channel.close();
  }
}
