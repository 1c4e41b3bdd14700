package io.millrace.metadata;

/**
 * Where clients reach a broker by one listener.
 *
 * @param listener name of the listener, such as {@code PLAINTEXT}
 * @param securityProtocol name of its security protocol
 * @param host advertised host; empty when clients are answered with the address that they dialled
 * @param port advertised port; 0 when clients are answered with the port that they dialled
 */
public record Endpoint(String listener, String securityProtocol, String host, int port) {
  /** Name under which brokers register their peer port; no client is told of it. */
  public static final String PEER = "PEER";

  private static final int PORT_MAX = 65_535;
  private static final int HOST_CHARS_MAX = 255;

  /**
   * Name under which brokers register the port of their web door; no Kafka client is told of it.
   */
  public static final String HTTP = "HTTP";

  /**
   * Checks an address that somebody tells of himself.
   *
   * @throws IllegalArgumentException when nothing can be there: no port, or a host with characters
   *     that no name and no address has
   */
  public static void checkAddress(String host, int port) {
    if (port <= 0 || port > PORT_MAX) {
      throw new IllegalArgumentException("an address with the port " + port);
    }
    if (host.isEmpty()
        || host.length() > HOST_CHARS_MAX
        || !host.chars().allMatch(Endpoint::isOfHost)) {
      throw new IllegalArgumentException("an address with a host that is none");
    }
  }

  /** Of names, those of other alphabets too, and of addresses with zones. */
  private static boolean isOfHost(int c) {
    return Character.isLetterOrDigit(c) || ".-_:%[]".indexOf(c) >= 0;
  }
}
