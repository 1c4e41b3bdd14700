package io.millrace.testkit.cluster;

/** Longest time between two events in a row. Thread-safe. */
final class Gap {
  private long lastNs = System.nanoTime();
  private long longestNs;

  synchronized void event() {
    long now = System.nanoTime();
    longestNs = Math.max(longestNs, now - lastNs);
    lastNs = now;
  }

  /** The longest so far in ms, one that is still open included; then starts anew. */
  synchronized long takeMs() {
    long now = System.nanoTime();
    long result = Math.max(longestNs, now - lastNs) / 1_000_000;
    lastNs = now;
    longestNs = 0;
    return result;
  }
}
