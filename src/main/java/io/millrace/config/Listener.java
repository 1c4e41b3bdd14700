package io.millrace.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address with a name: where the broker listens, or what it tells clients.
 *
 * @param name name of the listener, upper case
 * @param host host name or address without brackets; empty when it listens on all
 * @param port port; 0 takes any free one
 *     <p>Immutable.
 */
public record Listener(String name, String host, int port) {
  /** What to do when an advertised address is none; completes a sentence. */
  public static final String REAL_ADDRESS =
      "write the address by which clients reach this machine, or remove the line: then each client"
          + " is told the address that it dialled";

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_.-]+)://(?:\\[([^]]*)]|([^:\\[\\]/]*)):(\\d{1,5})");

  /**
   * Reads {@code NAME://host:port}; an IPv6 address stands in brackets.
   *
   * @throws ConfigException when the text has another form
   */
  public static Listener parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(4)) > 65_535) {
      throw new ConfigException("'" + text + "' is not a listener: write NAME://host:port");
    }
    String host = form.group(2) != null ? form.group(2) : form.group(3);
    return new Listener(
        form.group(1).toUpperCase(Locale.ROOT), host, Integer.parseInt(form.group(4)));
  }

  /**
   * The listeners that a broker opens, in the order of the file; those of Kafka's controllers are
   * left out.
   *
   * @throws ConfigException when one is malformed, comes twice, or asks for TLS or a login
   */
  public static List<Listener> opened(BrokerConfig config) {
    Map<String, Listener> byName = named(BrokerKeys.LISTENERS, config.get(BrokerKeys.LISTENERS));
    withoutControllers(config, byName);
    if (byName.isEmpty()) {
      throw new ConfigException("listeners has none for clients, only those of controllers");
    }
    byName.values().forEach(Listener::checkOpened);
    Map<String, String> protocols = protocols(config);
    byName.keySet().forEach(name -> checkProtocol(name, protocols.get(name)));
    return List.copyOf(byName.values());
  }

  /**
   * What clients are told, by name of the listener that they came by; empty when that is the
   * address which they dialled.
   *
   * @throws ConfigException when an address cannot be dialled or has no listener
   */
  public static Map<String, Listener> advertised(BrokerConfig config) {
    Map<String, Listener> byName =
        named(
            BrokerKeys.ADVERTISED_LISTENERS,
            config.find(BrokerKeys.ADVERTISED_LISTENERS).orElse(List.of()));
    withoutControllers(config, byName);
    List<String> opened = opened(config).stream().map(Listener::name).toList();
    byName.values().forEach(listener -> checkAdvertised(listener, opened));
    return Map.copyOf(byName);
  }

  private static void withoutControllers(BrokerConfig config, Map<String, Listener> byName) {
    config
        .find(BrokerKeys.CONTROLLER_LISTENER_NAMES)
        .ifPresent(names -> names.forEach(name -> byName.remove(name.toUpperCase(Locale.ROOT))));
  }

  private static Map<String, Listener> named(Key<?> key, List<String> texts) {
    Map<String, Listener> byName = new LinkedHashMap<>();
    for (String text : texts) {
      Listener listener;
      try {
        listener = parse(text);
      } catch (ConfigException e) {
        throw new ConfigException(key + ": " + e.getMessage());
      }
      if (byName.put(listener.name, listener) != null) {
        throw new ConfigException(key + " has " + listener.name + " twice");
      }
    }
    return byName;
  }

  private static Map<String, String> protocols(BrokerConfig config) {
    Map<String, String> protocols = new LinkedHashMap<>();
    for (String pair : config.get(BrokerKeys.LISTENER_SECURITY_PROTOCOL_MAP)) {
      int colon = pair.indexOf(':');
      if (colon <= 0) {
        throw new ConfigException(
            "listener.security.protocol.map: '" + pair + "' is not NAME:PROTOCOL");
      }
      protocols.put(
          pair.substring(0, colon).strip().toUpperCase(Locale.ROOT),
          pair.substring(colon + 1).strip().toUpperCase(Locale.ROOT));
    }
    return protocols;
  }

  private static void checkProtocol(String name, @Nullable String protocol) {
    if (protocol == null) {
      throw new ConfigException(
          "listeners: add %s:PLAINTEXT to listener.security.protocol.map".formatted(name));
    }
    if (!protocol.equals("PLAINTEXT")) {
      throw new ConfigException(
          "listeners: "
              + name
              + " asks for "
              + protocol
              + ", but this version offers PLAINTEXT only");
    }
  }

  private static void checkOpened(Listener listener) {
    if (Placeholder.is(listener.host)) {
      throw new ConfigException(
          "listeners still has the placeholder "
              + listener.host
              + "; write an address of this machine, or none to listen on all of them: "
              + new Listener(listener.name, "", listener.port));
    }
  }

  private static void checkAdvertised(Listener listener, List<String> opened) {
    String problem = null;
    if (!opened.contains(listener.name)) {
      problem = "has " + listener.name + ", which is not in listeners";
    } else if (listener.host.equals("0.0.0.0") || listener.host.equals("::")) {
      problem = "must have an address that clients can dial, not " + listener.host;
    } else if (Placeholder.is(listener.host)) {
      problem = "still has the placeholder " + listener.host + "; " + REAL_ADDRESS;
    }
    if (problem != null) {
      throw new ConfigException("advertised.listeners " + problem);
    }
  }

  @Override
  public String toString() {
    return name + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
