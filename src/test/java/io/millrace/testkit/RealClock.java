package io.millrace.testkit;

import io.millrace.time.Clock;

/**
 * The clock of the machine, for tests with real loops and sockets.
 *
 * <p>Stateless.
 */
public final class RealClock implements Clock {
  @Override
  public long wallMs() {
    return System.currentTimeMillis();
  }

  @Override
  public long monotonicNs() {
    return System.nanoTime();
  }
}
