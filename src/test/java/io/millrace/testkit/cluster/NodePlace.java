package io.millrace.testkit.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * Where one broker runs. Immutable.
 *
 * @param id its broker id
 * @param host address that clients and peers reach it at
 * @param port port of its clients
 * @param peerPort its peer port
 * @param webPort port of its web door
 * @param home folder that keeps its settings, data and output
 * @param prefix command that leads into its network; empty: the one that we are in
 */
record NodePlace(
    int id, String host, int port, int peerPort, int webPort, Path home, List<String> prefix) {
  NodePlace {
    prefix = List.copyOf(prefix);
  }

  String address() {
    return host + ":" + port;
  }
}
