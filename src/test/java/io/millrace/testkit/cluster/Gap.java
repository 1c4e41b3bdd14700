package io.millrace.testkit.cluster;

import java.util.Arrays;

/** Longest time between two events in a row of one partition. Thread-safe. */
final class Gap {
  private final long[] lastNs;
  private long longestNs;

  Gap(int partitions) {
    lastNs = new long[partitions];
    Arrays.fill(lastNs, System.nanoTime());
  }

  synchronized void event(int partition) {
    long now = System.nanoTime();
    longestNs = Math.max(longestNs, now - lastNs[partition]);
    lastNs[partition] = now;
  }

  /** The longest so far in ms, one that is still open included; then starts anew. */
  synchronized long takeMs() {
    long now = System.nanoTime();
    long open = Arrays.stream(lastNs).map(last -> now - last).max().orElse(0);
    long result = Math.max(longestNs, open) / 1_000_000;
    Arrays.fill(lastNs, now);
    longestNs = 0;
    return result;
  }
}
