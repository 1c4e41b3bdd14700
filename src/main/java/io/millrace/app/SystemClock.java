package io.millrace.app;

import io.millrace.time.Clock;

/** The clock of the machine. Thread-safe. */
final class SystemClock implements Clock {
  @Override
  public long wallMs() {
    return System.currentTimeMillis();
  }

  @Override
  public long monotonicNs() {
    return System.nanoTime();
  }
}
