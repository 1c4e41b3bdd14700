package io.millrace.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Publishes over NATS' own protocol on TCP. Confined to: the load's thread. */
final class NatsPublisher implements Publisher {
  private static final byte[] LINE_END = {'\r', '\n'};

  private final Socket socket;
  private final OutputStream out;
  private final byte[] head;
  private final int size;

  NatsPublisher(String host, int port, String subject, int size) throws IOException {
    this.socket = new Socket(host, port);
    socket.setTcpNoDelay(true);
    this.out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
    this.head = ("PUB " + subject + " " + size + "\r\n").getBytes(StandardCharsets.US_ASCII);
    this.size = size;
    out.write("CONNECT {\"verbose\":false}\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void send(int count) {
    try {
      for (int i = 0; i < count; i++) {
        out.write(head);
        out.write(Publisher.record(size));
        out.write(LINE_END);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
