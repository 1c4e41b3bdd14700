package io.millrace.push;

/**
 * How much a client asks for: a socket that asks for too much at once is not read from until it has
 * been answered, so that nothing piles up. Confined to: its session. Pure.
 */
final class Inflow {
  /** Operations that a socket may ask for in a second. */
  static final int OPS_PER_SECOND_MAX = 5000;

  /** Publishes of a socket that may be under way. */
  static final int PENDING_MAX = 1000;

  /** Their bytes. */
  static final long PENDING_BYTES_MAX = 4 << 20;

  private int opsThisSecond;
  private int pending;
  private long pendingBytes;
  private boolean held;

  /** An operation came in. */
  void came() {
    opsThisSecond++;
  }

  /** A publish of so many bytes has begun. */
  void begun(int bytes) {
    pending++;
    pendingBytes += bytes;
  }

  /** It was answered. */
  void answered(int bytes) {
    pending--;
    pendingBytes -= bytes;
  }

  /** Whether a second that passes changes nothing. */
  boolean isAtRest() {
    return opsThisSecond == 0 && !held;
  }

  /** A second has passed. */
  void second() {
    opsThisSecond = 0;
  }

  /**
   * Whether the socket must not be read from now.
   *
   * @param writable whether answers leave
   */
  boolean isTooMuch(boolean writable) {
    return !writable
        || opsThisSecond > OPS_PER_SECOND_MAX
        || pending > PENDING_MAX
        || pendingBytes > PENDING_BYTES_MAX;
  }

  /** Notes whether the socket is held; true when that is a change. */
  boolean hold(boolean now) {
    boolean changed = held != now;
    held = now;
    return changed;
  }
}
