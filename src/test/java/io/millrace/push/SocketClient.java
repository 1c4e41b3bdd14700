package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that keeps what it gets. Thread-safe. */
final class SocketClient implements AutoCloseable, WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int WAIT_S = 10;

  /** A close as it was seen. */
  record Closed(int code, String reason) {}

  final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
  final CompletableFuture<Closed> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private WebSocket socket;

  private SocketClient() {}

  static SocketClient open(int port, String path, String... protocols) throws Exception {
    SocketClient client = new SocketClient();
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (protocols.length > 0) {
      String[] more = new String[protocols.length - 1];
      System.arraycopy(protocols, 1, more, 0, more.length);
      builder.subprotocols(protocols[0], more);
    }
    client.socket =
        builder
            .buildAsync(URI.create("ws://127.0.0.1:" + port + path), client)
            .get(WAIT_S, TimeUnit.SECONDS);
    return client;
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      texts.add(text.toString());
      text.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    bytes.writeBytes(part);
    if (last) {
      binaries.add(bytes.toByteArray());
      bytes.reset();
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closed.complete(new Closed(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.completeExceptionally(error);
  }

  void send(String json) throws Exception {
    socket.sendText(json.replace('\'', '"'), true).get(WAIT_S, TimeUnit.SECONDS);
  }

  void sendBinary(byte[] data) throws Exception {
    socket.sendBinary(ByteBuffer.wrap(data), true).get(WAIT_S, TimeUnit.SECONDS);
  }

  /** The next text frame as it came. */
  String nextText() throws Exception {
    String next = texts.poll(WAIT_S, TimeUnit.SECONDS);
    assertThat(next).as("a frame within %d s", WAIT_S).isNotNull();
    return next;
  }

  /** The next frame that is no heartbeat. */
  JsonObject next() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
    while (true) {
      assertThat(System.nanoTime()).as("within %d s", WAIT_S).isLessThan(deadline);
      JsonObject frame = new JsonObject(nextText());
      if (!"hb".equals(frame.getString("op"))) {
        return frame;
      }
    }
  }

  /** The next frame of that operation; others before it are passed over. */
  JsonObject next(String op) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * WAIT_S);
    while (true) {
      assertThat(System.nanoTime()).as("%s within %d s", op, WAIT_S).isLessThan(deadline);
      JsonObject frame = new JsonObject(nextText());
      if (op.equals(frame.getString("op"))) {
        return frame;
      }
    }
  }

  byte[] nextBinary() throws Exception {
    byte[] next = binaries.poll(WAIT_S, TimeUnit.SECONDS);
    assertThat(next).as("a binary frame within %d s", WAIT_S).isNotNull();
    return next;
  }

  Closed closed() throws Exception {
    return closed.get(WAIT_S, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
