package io.millrace.storage;

/**
 * What a disk still has room for. Two lines divide it: below the first ({@code disk.reserve.bytes})
 * clients' records are refused, below the second, a quarter of it, everybody's. What was refused is
 * taken again when an eighth more than the line is free, so that nothing goes to and fro while
 * retention and writers are in balance.
 *
 * <p>Immutable.
 */
enum DiskRoom {
  /** Everything. */
  FOR_ALL,
  /** What the cluster itself needs: groups commit, leaders change, logs are compacted. */
  FOR_INTERNAL,
  /** Nothing. */
  FOR_NOTHING;

  private static final int SECOND_LINE_DIVISOR = 4;
  private static final int MARGIN_DIVISOR = 8;

  /**
   * What there is room for when so much is free.
   *
   * @param freeBytes bytes that the disk can take
   * @param reserveBytes the first line
   */
  DiskRoom when(long freeBytes, long reserveBytes) {
    long secondLine = reserveBytes / SECOND_LINE_DIVISOR;
    if (freeBytes < line(secondLine, this == FOR_NOTHING)) {
      return FOR_NOTHING;
    }
    return freeBytes < line(reserveBytes, this != FOR_ALL) ? FOR_INTERNAL : FOR_ALL;
  }

  private static long line(long bytes, boolean wasBelow) {
    return wasBelow ? bytes + bytes / MARGIN_DIVISOR : bytes;
  }

  /** Whether it has room for records of that kind. */
  boolean isFor(boolean internal) {
    return internal ? this != FOR_NOTHING : this == FOR_ALL;
  }
}
