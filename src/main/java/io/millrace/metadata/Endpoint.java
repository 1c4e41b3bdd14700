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

  /**
   * Name under which brokers register the port of their web door; no Kafka client is told of it.
   */
  public static final String HTTP = "HTTP";
}
