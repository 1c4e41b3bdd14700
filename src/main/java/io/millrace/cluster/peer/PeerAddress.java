package io.millrace.cluster.peer;

/**
 * Where a broker's peer port is. Immutable.
 *
 * @param host name or address
 * @param port its peer port
 */
public record PeerAddress(String host, int port) {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
