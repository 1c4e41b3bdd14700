package io.millrace.partition.replication;

/**
 * Bounds the bytes per second of replicas that catch up (KIP-73): whoever took more than its share
 * pauses until the share has grown to it.
 *
 * <p>Confined to: the loop of the fetchers; {@link #setRate} may be called by any thread.
 */
final class CopyThrottle {
  private static final long PAUSE_MAX_MS = 10_000;

  private volatile long bytesPerSecond = Long.MAX_VALUE;

  // Owner: the loop of the fetchers.
  private double freeAtMs;

  void setRate(long rate) {
    bytesPerSecond = rate;
  }

  /** How long to pause after that many bytes were taken; 0 for not at all. */
  long pauseAfter(long bytes, long nowMs) {
    long rate = bytesPerSecond;
    if (rate == Long.MAX_VALUE) {
      return 0;
    }
    freeAtMs = Math.max(freeAtMs, nowMs) + bytes * 1000.0 / Math.max(1, rate);
    return Math.min(PAUSE_MAX_MS, Math.max(0, (long) Math.ceil(freeAtMs - nowMs)));
  }
}
