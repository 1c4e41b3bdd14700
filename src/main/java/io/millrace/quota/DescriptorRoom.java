package io.millrace.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many more connections the limit of open files leaves room for. The files of partitions take
 * from the same limit, and a partition whose next segment cannot be opened fails, so the last
 * descriptors are not given to clients. Thread-safe.
 */
public final class DescriptorRoom {
  /** Where files may be opened until something else runs out. */
  public static final DescriptorRoom UNLIMITED = new DescriptorRoom(Long.MAX_VALUE);

  private static final long KEPT_MIN = 32;
  private static final long KEPT_SHARE = 8;

  private final long limit;
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  /**
   * Has room until it is told how much.
   *
   * @param limit number of files that the process may have open
   */
  public DescriptorRoom(long limit) {
    this.limit = limit;
  }

  /** That many files are open now. An eighth of the limit, 32 at least, is kept for files. */
  public void measured(long open) {
    left.set(limit - Math.max(KEPT_MIN, limit / KEPT_SHARE) - open);
  }

  /** Takes room for a connection; {@link #giveBack} must follow when there was some. */
  boolean take() {
    if (limit == Long.MAX_VALUE || left.getAndDecrement() > 0) {
      return true;
    }
    giveBack();
    return false;
  }

  void giveBack() {
    if (limit < Long.MAX_VALUE) {
      left.incrementAndGet();
    }
  }

  /** The limit, as a refusal names it. */
  @Override
  public String toString() {
    return "what the limit of open files (ulimit -n " + limit + ") leaves for connections";
  }
}
