package io.millrace.cluster.raft;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on, from below those that systems give to outgoing connections: a
 * member that is restarted needs its port again. Stateless.
 */
final class FreePorts {
  private static final int FIRST = 18_500;
  private static final int COUNT = 9_000;

  private FreePorts() {}

  static int next() {
    while (true) {
      int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next one.
      }
    }
  }
}
