package io.millrace.event;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one line of a kind through in a minute and counts those that it keeps back, so that whoever
 * does the same thing wrong again and again fills no log. Thread-safe.
 */
public final class Repetitions {
  private static final long WINDOW_MS = 60_000;

  private final AtomicLong nextMs = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLong kept = new AtomicLong();

  /**
   * Counts one more.
   *
   * @param nowMs monotonic time
   * @return how many were kept back since the last line; -1 when this one is kept back, too
   */
  public long next(long nowMs) {
    long next = nextMs.get();
    if (nowMs >= next && nextMs.compareAndSet(next, nowMs + WINDOW_MS)) {
      return kept.getAndSet(0);
    }
    kept.incrementAndGet();
    return -1;
  }

  /** Whether the next one is let through: nothing is lost when this is forgotten. */
  public boolean isOver(long nowMs) {
    return nowMs >= nextMs.get();
  }

  /** What a line ends with that stands for those which were kept back before it. */
  public static String told(long kept) {
    return kept == 0 ? "" : " (and " + kept + " times more since the last such line)";
  }
}
