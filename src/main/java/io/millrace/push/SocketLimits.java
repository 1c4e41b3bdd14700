package io.millrace.push;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sockets may be open, in all and from one address. Thread-safe. */
final class SocketLimits {
  /** Sockets of one broker, whatever the configuration says. */
  static final int SOCKETS_MAX = 100_000;

  /** Sockets of one address, whatever the configuration says. */
  static final int ADDRESS_SOCKETS_MAX = 20_000;

  private final int max;
  private final int perAddressMax;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  /** Limits that the configuration makes narrower. */
  SocketLimits(int max, int perAddressMax) {
    this.max = Math.min(max, SOCKETS_MAX);
    this.perAddressMax = Math.min(perAddressMax, ADDRESS_SOCKETS_MAX);
  }

  /** Counts a socket in. @return false when there are too many, and it was not counted */
  boolean enter(InetAddress address) {
    if (open.incrementAndGet() > max) {
      open.decrementAndGet();
      return false;
    }
    int ofAddress = byAddress.merge(address, 1, Integer::sum);
    if (ofAddress > perAddressMax) {
      leave(address);
      return false;
    }
    return true;
  }

  /** Counts a socket out. */
  void leave(InetAddress address) {
    open.decrementAndGet();
    byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Number of open sockets. */
  int open() {
    return open.get();
  }
}
