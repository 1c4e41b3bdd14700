package io.millrace.push;

/**
 * Finds out that the other side is gone: two pings without an answer. Whoever has no way to answer
 * is gone when its connection is. Confined to: its session. Pure.
 */
final class SignOfLife {
  /** Seconds between two pings. */
  static final int PING_EVERY_S = 20;

  private static final int MISSED_MAX = 2;

  private final boolean answers;
  private int unanswered;

  /**
   * @param answers whether the other side answers pings
   */
  SignOfLife(boolean answers) {
    this.answers = answers;
  }

  /** Something came from the other side. */
  void heard() {
    unanswered = 0;
  }

  /** A ping is due. @return false when the other side is taken for gone instead */
  boolean ping() {
    if (unanswered >= MISSED_MAX) {
      return false;
    }
    unanswered += answers ? 1 : 0;
    return true;
  }
}
