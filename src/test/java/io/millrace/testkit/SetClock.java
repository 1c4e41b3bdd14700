package io.millrace.testkit;

import io.millrace.time.Clock;

/**
 * A clock that stands still until a test moves it on.
 *
 * <p>Confined to: the test's thread.
 */
public final class SetClock implements Clock {
  private long nowMs;

  /** A clock that shows {@code nowMs}, as wall-clock time and as monotonic time. */
  public SetClock(long nowMs) {
    this.nowMs = nowMs;
  }

  /** Moves it on by that many ms. */
  public void pass(long ms) {
    nowMs += ms;
  }

  @Override
  public long wallMs() {
    return nowMs;
  }

  @Override
  public long monotonicNs() {
    return nowMs * 1_000_000;
  }
}
