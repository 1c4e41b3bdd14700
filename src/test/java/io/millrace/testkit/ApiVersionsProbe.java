package io.millrace.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Asks a port for ApiVersions v0: whether a Kafka broker serves there. Stateless. Thread-safe. */
public final class ApiVersionsProbe {
  private ApiVersionsProbe() {}

  /** True when the port of the loopback answers within a second. */
  public static boolean answers(int port) {
    return answers("127.0.0.1", port);
  }

  /** True when the port answers within a second. */
  public static boolean answers(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 1000);
      socket.setSoTimeout(1000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(10); // size
      out.writeShort(18); // ApiVersions
      out.writeShort(0); // version
      out.writeInt(7); // correlation id
      out.writeShort(-1); // no client id
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return in.readInt() > 0 && in.readInt() == 7;
    } catch (IOException e) {
      return false; // not there yet
    }
  }
}
