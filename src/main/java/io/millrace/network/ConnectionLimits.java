package io.millrace.network;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts open connections: of the process, of each listener, of each address. One more than allowed
 * is closed at once. Thread-safe.
 */
final class ConnectionLimits {
  private final int max;
  private final int perIpMax;
  private final Map<InetAddress, Integer> perIpOverrides;
  private final boolean countsIps;
  private final Map<String, Integer> perListenerMax = new HashMap<>();

  private final AtomicInteger all = new AtomicInteger();
  private final Map<String, AtomicInteger> perListener = new HashMap<>();
  private final Map<InetAddress, Integer> perIp = new ConcurrentHashMap<>();

  ConnectionLimits(NetworkSettings settings) {
    max = settings.connectionsMax();
    perIpMax = settings.connectionsPerIpMax();
    perIpOverrides = settings.connectionsPerIpOverrides();
    countsIps = perIpMax != Integer.MAX_VALUE || !perIpOverrides.isEmpty();
    for (NetworkSettings.Listener listener : settings.listeners()) {
      perListenerMax.put(listener.name(), listener.connectionsMax());
      perListener.put(listener.name(), new AtomicInteger());
    }
  }

  /**
   * Counts a new connection.
   *
   * @return null when it may stay; {@link #closed} must follow then. Else which limit refuses it
   */
  @Nullable String opened(String listener, InetAddress address) {
    if (all.incrementAndGet() > max) {
      all.decrementAndGet();
      return "max.connections=" + max;
    }
    if (perListener.get(listener).incrementAndGet() > perListenerMax.get(listener)) {
      perListener.get(listener).decrementAndGet();
      all.decrementAndGet();
      return "max.connections of listener " + listener;
    }
    if (countsIps && perIp.merge(address, 1, Integer::sum) > maxOf(address)) {
      closed(listener, address);
      return "max.connections.per.ip=" + maxOf(address);
    }
    return null;
  }

  private int maxOf(InetAddress address) {
    return perIpOverrides.getOrDefault(address, perIpMax);
  }

  /** Counts a connection that was admitted and has ended. */
  void closed(String listener, InetAddress address) {
    all.decrementAndGet();
    perListener.get(listener).decrementAndGet();
    if (countsIps) {
      perIp.computeIfPresent(address, (ip, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Open connections of the process. */
  int open() {
    return all.get();
  }
}
