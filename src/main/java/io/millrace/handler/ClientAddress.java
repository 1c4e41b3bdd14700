package io.millrace.handler;

import io.millrace.metadata.Endpoint;
import java.net.InetSocketAddress;

/**
 * Where a client that asks is told to find a broker: what the endpoint advertises, else what the
 * client itself dialled.
 */
record ClientAddress(String host, int port) {

  static ClientAddress of(Endpoint endpoint, InetSocketAddress dialled) {
    String host = endpoint.host().isEmpty() ? literal(dialled) : endpoint.host();
    int port = endpoint.port() == 0 ? dialled.getPort() : endpoint.port();
    return new ClientAddress(host, port);
  }

  /** The address without a name look-up and, for IPv6, without the local interface. */
  private static String literal(InetSocketAddress dialled) {
    String host = dialled.getAddress().getHostAddress();
    int scope = host.indexOf('%');
    return scope < 0 ? host : host.substring(0, scope);
  }
}
