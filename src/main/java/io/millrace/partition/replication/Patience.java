package io.millrace.partition.replication;

/**
 * How long a leader's answer is waited for. A connection that was cut may stay silent behind the
 * cut for as long as that took, so the wait is short; a leader that is slow, as its disk or the way
 * may be, is waited for twice as long each time, up to a bound, until it has answered, and then for
 * a few times what that took.
 *
 * <p>Confined to: its owner's loop.
 */
final class Patience {
  private static final int TIMES_AS_LONG = 3;

  private final int firstMs;
  private final int maxMs;
  private int nowMs;

  /**
   * Begins with the short wait.
   *
   * @param firstMs of no effect where it is above {@code maxMs}
   */
  Patience(int firstMs, int maxMs) {
    this.firstMs = Math.min(firstMs, maxMs);
    this.maxMs = maxMs;
    this.nowMs = this.firstMs;
  }

  /** Time for the next answer in ms. */
  int ms() {
    return nowMs;
  }

  /** An answer came after so long. */
  void answered(long tookMs) {
    nowMs = (int) Math.min(Math.max(firstMs, TIMES_AS_LONG * tookMs), maxMs);
  }

  /** None came in time. */
  void wasTooShort() {
    nowMs = (int) Math.min(2L * nowMs, maxMs);
  }
}
