package io.millrace.storage;

import io.millrace.metrics.Metrics.Counter;
import io.millrace.storage.log.clean.Compactor;
import io.millrace.time.Clock;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps a compaction at {@code log.cleaner.io.max.bytes.per.second}, counts its bytes, and ends it
 * when its log goes. Confined to: the compacting worker.
 */
final class Throttle implements Compactor.Throttle {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final long SHORTEST_WAIT_NS = 1_000_000;

  private final Clock clock;
  private final double bytesPerSecondMax;
  private final Counter bytes;
  private final BooleanSupplier goesOn;
  private long freeAtNs = Long.MIN_VALUE;

  Throttle(Clock clock, double bytesPerSecondMax, Counter bytes, BooleanSupplier goesOn) {
    this.clock = clock;
    this.bytesPerSecondMax = bytesPerSecondMax;
    this.bytes = bytes;
    this.goesOn = goesOn;
  }

  /**
   * Waits for the share of these bytes.
   *
   * @throws CancellationException when the log went meanwhile
   */
  @Override
  public void pass(long size) {
    bytes.add(size);
    if (!goesOn.getAsBoolean()) {
      throw new CancellationException("the log is closed");
    }
    if (bytesPerSecondMax >= Long.MAX_VALUE) {
      return;
    }
    long nowNs = clock.monotonicNs();
    freeAtNs = Math.max(freeAtNs, nowNs) + (long) (size / bytesPerSecondMax * NS_PER_SECOND);
    while (goesOn.getAsBoolean() && freeAtNs - clock.monotonicNs() > SHORTEST_WAIT_NS) {
      LockSupport.parkNanos(Math.min(NS_PER_SECOND / 10, freeAtNs - clock.monotonicNs()));
    }
  }
}
