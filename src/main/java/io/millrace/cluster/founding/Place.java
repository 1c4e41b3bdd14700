package io.millrace.cluster.founding;

/**
 * Where a peer port is, or may be. Immutable.
 *
 * @param host name or address
 * @param port its port
 */
public record Place(String host, int port) {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
