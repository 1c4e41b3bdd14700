package io.millrace.time;

/** Reads the time. Thread-safe. */
public interface Clock {

  /** Wall-clock time in ms since the epoch; may jump. For timestamps in records and files. */
  long wallMs();

  /** Monotonic time in ns from an arbitrary origin. For timeouts, leases and durations. */
  long monotonicNs();

  /** Monotonic time in ms from an arbitrary origin. */
  default long monotonicMs() {
    return monotonicNs() / 1_000_000;
  }
}
