package io.millrace.partition.replication;

import io.millrace.partition.FetchExtras.Window;

/**
 * How many fetches may be under way to a leader. One is enough where the way takes no time. Where
 * it takes longer, records that come while none waits at the leader would wait for the next one, so
 * that there are as many as keep one waiting there.
 *
 * <p>Confined to: the loop of the fetcher.
 */
final class FetchWindow {
  /** A way there and back that takes so long is far. */
  static final long FAR_MS = 5;

  /** Answers by which the way is measured: a busy machine is slow now and then, a way always. */
  static final int SAMPLES = 16;

  /** Parts of the way between two answers, and some more for the work on them. */
  private static final int PARTS = 8;

  private static final int REQUESTS_MAX = PARTS + 2;

  private final long[] waysMs = new long[SAMPLES];
  private int next;
  private long wayMs;

  /**
   * An answer came.
   *
   * @param tookMs time since its request left
   * @param heldMs how long that waited at the leader; negative when the leader does not tell, which
   *     knows no window then
   */
  void answered(long tookMs, long heldMs) {
    waysMs[next] = heldMs < 0 ? 0 : Math.max(0, tookMs - heldMs);
    next = (next + 1) % SAMPLES;
    wayMs = Long.MAX_VALUE;
    for (long sampleMs : waysMs) {
      wayMs = Math.min(wayMs, sampleMs);
    }
  }

  /** Whether the leader is far away. */
  boolean isFar() {
    return wayMs >= FAR_MS;
  }

  /** Requests that may be under way. */
  int requestsMax() {
    return isFar() ? REQUESTS_MAX : 1;
  }

  /** What the leader is told. */
  Window window() {
    return isFar() ? new Window(REQUESTS_MAX, (int) Math.min(wayMs / PARTS, 1_000)) : Window.ONE;
  }

  /** Bytes that one answer may have, of those that one may have alone. */
  int responseBytes(int alone) {
    return isFar() ? Math.max(1, 2 * (alone / REQUESTS_MAX)) : alone;
  }
}
