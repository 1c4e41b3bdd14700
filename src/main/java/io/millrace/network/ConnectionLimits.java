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
  private volatile NetworkSettings settings;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<String, AtomicInteger> perListener = new HashMap<>();
  private final Map<InetAddress, Integer> perIp = new ConcurrentHashMap<>();

  ConnectionLimits(NetworkSettings settings) {
    this.settings = settings;
    settings.listeners().forEach(one -> perListener.put(one.name(), new AtomicInteger()));
  }

  /** Other limits, from now on; connections that are open stay. */
  void change(NetworkSettings to) {
    settings = to;
  }

  /**
   * Counts a new connection.
   *
   * @return null when it may stay; {@link #closed} must follow then. Else which limit refuses it
   */
  @Nullable String opened(String listener, InetAddress address) {
    NetworkSettings limits = settings;
    int ofAll = all.incrementAndGet();
    int ofListener = perListener.get(listener).incrementAndGet();
    int ofIp = perIp.merge(address, 1, Integer::sum);
    int ipMax =
        limits.connectionsPerIpOverrides().getOrDefault(address, limits.connectionsPerIpMax());
    String refusal = null;
    if (ofAll > limits.connectionsMax()) {
      refusal = "max.connections=" + limits.connectionsMax();
    } else if (ofListener > limits.listener(listener).connectionsMax()) {
      refusal = "max.connections of listener " + listener;
    } else if (ofIp > ipMax) {
      refusal = "max.connections.per.ip=" + ipMax;
    }
    if (refusal != null) {
      closed(listener, address);
    }
    return refusal;
  }

  /** Counts a connection that was admitted and has ended. */
  void closed(String listener, InetAddress address) {
    all.decrementAndGet();
    perListener.get(listener).decrementAndGet();
    perIp.computeIfPresent(address, (ip, count) -> count == 1 ? null : count - 1);
  }

  /** Open connections of the process. */
  int open() {
    return all.get();
  }
}
