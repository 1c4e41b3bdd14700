package io.millrace.cluster.controller;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Who has been heard of lately enough. Each broker has a lease that its heartbeats renew; a new
 * controller grants everybody a full one. Time in which the controller itself stood still, and
 * could have heard nobody, is added to all leases.
 *
 * <p>Confined to: the control loop.
 */
public final class Leases {
  private final long leaseMs;
  private final long stallMs;
  private final Map<Integer, Long> ends = new HashMap<>();
  private long lastTickMs;

  /**
   * @param leaseMs how long a broker may be silent
   * @param stallMs time between two ticks above which the controller itself stood still
   */
  public Leases(long leaseMs, long stallMs) {
    this.leaseMs = leaseMs;
    this.stallMs = stallMs;
  }

  /** This broker decides from now on: all leases begin anew. */
  public void begin(long nowMs) {
    ends.clear();
    lastTickMs = nowMs;
  }

  /** A broker was heard of. */
  public void heard(int broker, long nowMs) {
    ends.put(broker, nowMs + leaseMs);
  }

  /** A broker is gone for sure. */
  public void end(int broker) {
    ends.remove(broker);
  }

  /** Whether the lease of a broker lasts. */
  public boolean lasts(int broker, long nowMs) {
    Long end = ends.get(broker);
    return end != null && end > nowMs;
  }

  /** How long a broker has been silent. */
  public long silentMs(int broker, long nowMs) {
    Long end = ends.get(broker);
    return end == null ? leaseMs : Math.max(0, nowMs - (end - leaseMs));
  }

  /**
   * Judges all leases; to be called regularly, after all heartbeats that have arrived were taken.
   *
   * @param alive brokers that should have one; who has none yet is granted a full one
   * @return those whose lease has ended
   */
  public List<Integer> tick(Collection<Integer> alive, long nowMs) {
    long since = nowMs - lastTickMs;
    lastTickMs = nowMs;
    if (since > stallMs) {
      ends.replaceAll((broker, end) -> end + since);
    }
    ends.keySet().retainAll(new HashSet<>(alive));
    List<Integer> ended = new ArrayList<>();
    for (int broker : alive) {
      if (ends.computeIfAbsent(broker, id -> nowMs + leaseMs) <= nowMs) {
        ended.add(broker);
      }
    }
    return ended;
  }
}
