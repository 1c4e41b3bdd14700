package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.config.ConfigException;
import io.millrace.config.Key;
import io.millrace.config.Listener;
import io.millrace.network.NetworkSettings;
import io.millrace.quota.ConnectionCount;
import io.netty.util.internal.PlatformDependent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the network's settings from the configuration. Stateless. */
final class NetworkConfig {
  private static final long MEMORY_BYTES_MIN = 8L << 20;
  private static final long MEMORY_BYTES_MAX = 1L << 30;

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
        connections(config),
        // The kernel tunes these by itself, so only what somebody wrote down is set.
        writtenOrSystem(config, BrokerKeys.SOCKET_SEND_BUFFER_BYTES),
        writtenOrSystem(config, BrokerKeys.SOCKET_RECEIVE_BUFFER_BYTES),
        config.get(BrokerKeys.SOCKET_LISTEN_BACKLOG_SIZE));
  }

  /**
   * How many connections a door may have.
   *
   * @throws StartException when an address with a limit of its own is not known
   */
  static ConnectionCount.Limits connections(BrokerConfig config) {
    return new ConnectionCount.Limits(
        config.get(BrokerKeys.MAX_CONNECTIONS),
        config.get(BrokerKeys.MAX_CONNECTIONS_PER_IP),
        perIpOverrides(config));
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
    try {
      // Also refuses an advertised address that nobody could dial.
      Listener.advertised(config);
      return Listener.opened(config).stream()
          .map(l -> new NetworkSettings.Listener(l.name(), l.host(), l.port()))
          .toList();
    } catch (ConfigException e) {
      throw new StartException(e.getMessage() + ".", e);
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
