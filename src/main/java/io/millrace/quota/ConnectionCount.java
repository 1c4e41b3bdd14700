package io.millrace.quota;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many connections of a door are open, in all and from each address, and whether one more may
 * be. Thread-safe.
 */
public final class ConnectionCount {

  /**
   * How many may be open. Immutable.
   *
   * @param max of all addresses, {@code max.connections}
   * @param perAddressMax of one address, {@code max.connections.per.ip}
   * @param overrides of some addresses instead, {@code max.connections.per.ip.overrides}
   */
  public record Limits(int max, int perAddressMax, Map<InetAddress, Integer> overrides) {
    /** No limits. */
    public static final Limits NONE = of(Integer.MAX_VALUE, Integer.MAX_VALUE);

    public Limits {
      overrides = Map.copyOf(overrides);
    }

    /** Limits that are the same for every address. */
    public static Limits of(int max, int perAddressMax) {
      return new Limits(max, perAddressMax, Map.of());
    }

    /** These, and no more than so many in all and of an address without a limit of its own. */
    public Limits atMost(int all, int perAddress) {
      return new Limits(Math.min(max, all), Math.min(perAddressMax, perAddress), overrides);
    }

    /** So many more than these, in all and of an address without a limit of its own. */
    public Limits plus(int all, int perAddress) {
      return new Limits(
          Math.max(max, max + all), Math.max(perAddressMax, perAddressMax + perAddress), overrides);
    }

    private int of(InetAddress address) {
      return overrides.getOrDefault(address, perAddressMax);
    }
  }

  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
  private volatile Limits limits;
  private volatile DescriptorRoom descriptors = DescriptorRoom.UNLIMITED;

  /** No connection is open yet. */
  public ConnectionCount(Limits limits) {
    this.limits = limits;
  }

  /** Other limits, from now on; connections that are open stay. */
  public void change(Limits to) {
    limits = to;
  }

  /** Also lets none in that this has no room for; to be called before the first one. */
  public void shareDescriptors(DescriptorRoom room) {
    descriptors = room;
  }

  /**
   * Counts a new connection.
   *
   * @return null when it may stay; {@link #leave} must follow then. Else which limit refuses it, as
   *     it would be written
   */
  public @Nullable String enter(InetAddress address) {
    Limits now = limits;
    if (!descriptors.take()) {
      return descriptors.toString();
    }
    int ofAll = open.incrementAndGet();
    int ofAddress = byAddress.merge(address, 1, Integer::sum);
    String refusal = null;
    if (ofAll > now.max) {
      refusal = "max.connections=" + now.max;
    } else if (ofAddress > now.of(address)) {
      refusal = "max.connections.per.ip=" + now.of(address);
    }
    if (refusal != null) {
      leave(address);
    }
    return refusal;
  }

  /** Counts a connection that was let in and has ended. */
  public void leave(InetAddress address) {
    descriptors.giveBack();
    open.decrementAndGet();
    byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Number of open connections. */
  public int open() {
    return open.get();
  }
}
