package io.millrace.cli.records;

import java.util.Arrays;

/**
 * How fast records were acknowledged: counts, bytes and latencies, of all and of the current
 * window. Percentiles are exact over up to half a million latencies, evenly picked. Thread-safe.
 */
public final class SendStatistics {
  private static final int SAMPLES_MAX = 500_000;

  /**
   * What was measured.
   *
   * @param count of records
   * @param bytes of values
   * @param elapsedMs how long it took
   * @param latencySumMs of all records
   * @param latencyMaxMs greatest of them
   *     <p>Immutable.
   */
  public record Sum(long count, long bytes, long elapsedMs, long latencySumMs, int latencyMaxMs) {
    /** Records per second. */
    public double perSecond() {
      return 1000.0 * count / elapsedMs;
    }

    /** Mebibytes per second. */
    public double megabytesPerSecond() {
      return 1000.0 * bytes / elapsedMs / (1024.0 * 1024.0);
    }

    /** Mean latency in ms. */
    public double latencyMeanMs() {
      return latencySumMs / (double) count;
    }
  }

  private final long beginMs = System.currentTimeMillis();
  private final long every;
  private final int[] samples;

  private int sampleCount;
  private long count;
  private long bytes;
  private long latencySumMs;
  private int latencyMaxMs;
  private long windowBeginMs = beginMs;
  private long windowCount;
  private long windowBytes;
  private long windowLatencySumMs;
  private int windowLatencyMaxMs;

  /** Of so many records; measuring begins now. */
  public SendStatistics(long records) {
    every = Math.max(1, records / SAMPLES_MAX);
    samples = new int[(int) Math.min(records / every + 1, Integer.MAX_VALUE - 8)];
  }

  /**
   * Adds an acknowledged record.
   *
   * @param nowMs when it was
   */
  public synchronized void add(int latencyMs, int sizeBytes, long nowMs) {
    if (count % every == 0 && sampleCount < samples.length) {
      samples[sampleCount++] = latencyMs;
    }
    count++;
    bytes += sizeBytes;
    latencySumMs += latencyMs;
    latencyMaxMs = Math.max(latencyMaxMs, latencyMs);
    windowCount++;
    windowBytes += sizeBytes;
    windowLatencySumMs += latencyMs;
    windowLatencyMaxMs = Math.max(windowLatencyMaxMs, latencyMs);
  }

  /** How long the current window is open. */
  public synchronized long windowAgeMs(long nowMs) {
    return nowMs - windowBeginMs;
  }

  /** The current window, which ends; the next one begins. */
  public synchronized Sum endWindow() {
    long nowMs = System.currentTimeMillis();
    Sum window =
        new Sum(
            windowCount,
            windowBytes,
            nowMs - windowBeginMs,
            windowLatencySumMs,
            windowLatencyMaxMs);
    windowBeginMs = nowMs;
    windowCount = 0;
    windowBytes = 0;
    windowLatencySumMs = 0;
    windowLatencyMaxMs = 0;
    return window;
  }

  /** All so far. */
  public synchronized Sum total() {
    return new Sum(count, bytes, System.currentTimeMillis() - beginMs, latencySumMs, latencyMaxMs);
  }

  /** Latencies in ms that these shares of the records did not exceed. */
  public synchronized int[] percentiles(double... shares) {
    Arrays.sort(samples, 0, sampleCount);
    int[] values = new int[shares.length];
    for (int i = 0; i < shares.length; i++) {
      values[i] = sampleCount == 0 ? 0 : samples[(int) (shares[i] * sampleCount)];
    }
    return values;
  }
}
