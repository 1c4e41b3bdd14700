package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether a peer's port takes connections. Stateless; blocks its caller. */
final class Reach {
  private static final int CONNECT_MS = 500;

  private Reach() {}

  static boolean answers(Peer peer) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
