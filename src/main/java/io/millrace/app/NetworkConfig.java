package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.config.Key;
import io.millrace.network.NetworkSettings;
import io.netty.util.internal.PlatformDependent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the network's settings from the configuration. Stateless. */
final class NetworkConfig {
  private static final Pattern LISTENER = Pattern.compile("([A-Za-z0-9_-]+)://(.*):(-?\\d+)");
  private static final long MEMORY_BYTES_MIN = 8L << 20;
  private static final long MEMORY_BYTES_MAX = 1L << 30;
  private static final int PORT_MAX = 65_535;

  private NetworkConfig() {}

  /**
   * @param cores number of processors, the upper bound of event loops
   * @throws StartException when listeners or limits cannot be served; the sentence says which
   */
  static NetworkSettings of(BrokerConfig config, int cores) {
    return new NetworkSettings(
        listeners(config),
        Math.min(cores, config.get(BrokerKeys.NUM_NETWORK_THREADS)),
        config.get(BrokerKeys.SOCKET_REQUEST_MAX_BYTES),
        memoryBytes(config),
        config.get(BrokerKeys.CONNECTIONS_MAX_IDLE_MS),
        config.get(BrokerKeys.MAX_CONNECTIONS),
        config.get(BrokerKeys.MAX_CONNECTIONS_PER_IP),
        perIpOverrides(config),
        // The kernel tunes these by itself, so only what somebody wrote down is set.
        writtenOrSystem(config, BrokerKeys.SOCKET_SEND_BUFFER_BYTES),
        writtenOrSystem(config, BrokerKeys.SOCKET_RECEIVE_BUFFER_BYTES),
        config.get(BrokerKeys.SOCKET_LISTEN_BACKLOG_SIZE));
  }

  private static int writtenOrSystem(BrokerConfig config, Key<Integer> key) {
    return config.isWritten(key) ? config.get(key) : -1;
  }

  private static long memoryBytes(BrokerConfig config) {
    long written = config.get(BrokerKeys.QUEUED_MAX_REQUEST_BYTES);
    if (written > 0) {
      return written;
    }
    long half = PlatformDependent.maxDirectMemory() / 2;
    return Math.max(MEMORY_BYTES_MIN, Math.min(MEMORY_BYTES_MAX, half));
  }

  private static List<NetworkSettings.Listener> listeners(BrokerConfig config) {
    Map<String, String> protocols = securityMap(config);
    List<NetworkSettings.Listener> listeners = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String text : config.get(BrokerKeys.LISTENERS)) {
      NetworkSettings.Listener listener = listener(config, text);
      if (!names.add(listener.name())) {
        throw new StartException("listeners names " + listener.name() + " twice.");
      }
      requirePlain(listener.name(), protocols);
      listeners.add(listener);
    }
    return List.copyOf(listeners);
  }

  private static NetworkSettings.Listener listener(BrokerConfig config, String text) {
    Matcher parts = LISTENER.matcher(text.strip());
    if (!parts.matches()) {
      throw new StartException(
          "listeners has '" + text + "', which is not of the form NAME://host:port.");
    }
    String host = parts.group(2);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = portOf(text, parts.group(3));
    String name = parts.group(1).toUpperCase(Locale.ROOT);
    return new NetworkSettings.Listener(name, host, port, config.get(BrokerKeys.MAX_CONNECTIONS));
  }

  private static int portOf(String text, String digits) {
    int port = digits.length() > 5 ? -1 : Integer.parseInt(digits);
    if (port < 0 || port > PORT_MAX) {
      throw new StartException("listeners has '" + text + "', whose port is not in 0 to 65535.");
    }
    return port;
  }

  private static Map<String, String> securityMap(BrokerConfig config) {
    Map<String, String> protocols = new HashMap<>();
    for (String entry : config.get(BrokerKeys.LISTENER_SECURITY_PROTOCOL_MAP)) {
      int colon = entry.indexOf(':');
      if (colon <= 0) {
        throw new StartException(
            "listener.security.protocol.map has '" + entry + "', which is not NAME:PROTOCOL.");
      }
      protocols.put(
          entry.substring(0, colon).strip().toUpperCase(Locale.ROOT),
          entry.substring(colon + 1).strip().toUpperCase(Locale.ROOT));
    }
    return protocols;
  }

  private static void requirePlain(String name, Map<String, String> protocols) {
    String protocol = protocols.get(name);
    if (protocol == null) {
      throw new StartException(
          "Listener " + name + " has no entry in listener.security.protocol.map.");
    }
    if (!protocol.equals("PLAINTEXT")) {
      throw new StartException(
          "Listener "
              + name
              + " wants "
              + protocol
              + ", which this version does not serve; only PLAINTEXT is.");
    }
  }

  private static Map<InetAddress, Integer> perIpOverrides(BrokerConfig config) {
    Map<InetAddress, Integer> limits = new HashMap<>();
    String text = config.get(BrokerKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES);
    for (String entry : text.split(",")) {
      if (!entry.isBlank()) {
        int colon = entry.lastIndexOf(':');
        try {
          limits.put(
              InetAddress.getByName(entry.substring(0, colon).strip()),
              Integer.parseInt(entry.substring(colon + 1).strip()));
        } catch (UnknownHostException | RuntimeException e) {
          throw new StartException(
              "max.connections.per.ip.overrides has '"
                  + entry.strip()
                  + "', which is not a known host and a count.",
              e);
        }
      }
    }
    return limits;
  }
}
