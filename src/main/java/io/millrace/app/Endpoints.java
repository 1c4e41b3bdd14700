package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.config.Listener;
import io.millrace.metadata.Endpoint;
import io.millrace.rest.WebSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a broker says it can be reached. Stateless. */
final class Endpoints {
  private static final String PROTOCOL = "PLAINTEXT";

  private Endpoints() {}

  /** Of a broker that is alone: what is not advertised is what the client dialled. */
  static List<Endpoint> ofLone(BrokerConfig config) {
    Map<String, Listener> advertised = Listener.advertised(config);
    return Listener.opened(config).stream()
        .map(l -> endpoint(l.name(), advertised.get(l.name()), "", 0))
        .toList();
  }

  /**
   * Of a broker that others tell clients of, and that other brokers reach.
   *
   * @param host address that other brokers reach it at
   * @param peerPort its peer port
   */
  static List<Endpoint> ofMember(BrokerConfig config, WebSettings web, String host, int peerPort) {
    Map<String, Listener> advertised = Listener.advertised(config);
    // All brokers are on one machine then, which clients may dial by another address.
    String otherwise = host.equals(Machine.LOOPBACK) ? "" : host;
    List<Endpoint> endpoints = new ArrayList<>();
    for (Listener listener : Listener.opened(config)) {
      String own = isWildcard(listener.host()) ? otherwise : listener.host();
      endpoints.add(
          endpoint(listener.name(), advertised.get(listener.name()), own, listener.port()));
    }
    endpoints.add(new Endpoint(Endpoint.PEER, PROTOCOL, host, peerPort));
    if (web.opens() && web.port() > 0) {
      String webHost = isWildcard(web.host()) ? host : web.host();
      endpoints.add(new Endpoint(Endpoint.HTTP, PROTOCOL, webHost, web.port()));
    }
    return endpoints;
  }

  private static Endpoint endpoint(
      String name, @Nullable Listener advertised, String host, int port) {
    return advertised == null
        ? new Endpoint(name, PROTOCOL, host, port)
        : new Endpoint(name, PROTOCOL, advertised.host(), advertised.port());
  }

  private static boolean isWildcard(String host) {
    return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
  }
}
