package io.millrace.partition;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Bounds the bytes per second that a broker copies for replicas that catch up (KIP-73): whoever
 * took more than its share pauses until the share has grown to it. Another rate holds for what is
 * still to be waited for, too.
 *
 * <p>Thread-safe.
 */
public final class CopyThrottle {
  private static final long PAUSE_MAX_MS = 10_000;

  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private final AtomicReference<Debt> debt = new AtomicReference<>(new Debt(0, 0));

  /** Bytes that were taken beyond the share, at a time of the monotonic clock. */
  private record Debt(double bytes, long atMs) {}

  /** Sets the rate in bytes per second; {@link Long#MAX_VALUE} for no bound. */
  public void setRate(long rate) {
    bytesPerSecond = rate;
  }

  /** How long to pause after that many bytes were taken, in ms; 0 for not at all. */
  public long pauseAfter(long bytes, long nowMs) {
    long rate = bytesPerSecond;
    if (rate == Long.MAX_VALUE) {
      return 0;
    }
    Debt now =
        debt.updateAndGet(
            before ->
                new Debt(
                    Math.min(left(before, rate, nowMs) + bytes, PAUSE_MAX_MS * perMs(rate)),
                    Math.max(before.atMs, nowMs)));
    return (long) Math.ceil(now.bytes / perMs(rate));
  }

  /** How long to pause before anything more is taken, in ms; 0 for not at all. */
  public long pauseMs(long nowMs) {
    long rate = bytesPerSecond;
    return rate == Long.MAX_VALUE
        ? 0
        : (long) Math.ceil(Math.min(PAUSE_MAX_MS, left(debt.get(), rate, nowMs) / perMs(rate)));
  }

  private static double left(Debt before, long rate, long nowMs) {
    return Math.max(0, before.bytes - Math.max(0, nowMs - before.atMs) * perMs(rate));
  }

  private static double perMs(long rate) {
    return Math.max(1, rate) / 1000.0;
  }
}
