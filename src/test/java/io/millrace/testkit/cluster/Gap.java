package io.millrace.testkit.cluster;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Longest time between two events in a row of one partition. Thread-safe. */
final class Gap {
  private static final Logger LOG = LoggerFactory.getLogger(Gap.class);
  private static final long TOLD_NS = 2_000_000_000L;

  private final String what;
  private final long[] lastNs;
  private long longestNs;

  /**
   * @param what what is waited for, in words, such as {@code acknowledgements of partition}
   */
  Gap(String what, int partitions) {
    this.what = what;
    lastNs = new long[partitions];
    Arrays.fill(lastNs, System.nanoTime());
  }

  synchronized void event(int partition) {
    long now = System.nanoTime();
    long gapNs = now - lastNs[partition];
    longestNs = Math.max(longestNs, gapNs);
    if (gapNs > TOLD_NS) {
      LOG.warn("{} {}: nothing for {} ms until now", what, partition, gapNs / 1_000_000);
    }
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
