package io.millrace.rest;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import java.util.List;

/**
 * How the web door is opened. Immutable.
 *
 * @param host address to listen on; empty for all
 * @param port 0 takes any free one, -1 opens no web door
 * @param searches whether a port that is taken is passed over for the next one: nobody wrote it
 *     down
 * @param origins web origins besides the broker's own that may use the door
 * @param hosts names besides the broker's own under which the door may be dialled
 * @param loops event loops that serve it, at least 1
 */
public record WebSettings(
    String host, int port, boolean searches, List<String> origins, List<String> hosts, int loops) {

  /** What the configuration asks for. */
  public static WebSettings of(BrokerConfig config, int loops) {
    return new WebSettings(
        config.get(BrokerKeys.HTTP_HOST),
        config.get(BrokerKeys.HTTP_PORT),
        !config.isWritten(BrokerKeys.HTTP_PORT),
        config.get(BrokerKeys.HTTP_ORIGINS),
        config.get(BrokerKeys.HTTP_HOSTS),
        Math.max(1, loops));
  }

  /** The same at another port. */
  public WebSettings at(int other) {
    return new WebSettings(host, other, searches, origins, hosts, loops);
  }

  /** Whether there is a web door at all. */
  public boolean opens() {
    return port >= 0;
  }
}
