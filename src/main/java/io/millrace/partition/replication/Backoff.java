package io.millrace.partition.replication;

/** Pauses that double from a few milliseconds up to a bound. Confined to: its owner's loop. */
final class Backoff {
  private static final int FIRST_MS = 20;

  private final int maxMs;
  private int nextMs = FIRST_MS;

  Backoff(int maxMs) {
    this.maxMs = maxMs;
  }

  /** How long to pause now. */
  int next() {
    int now = Math.min(nextMs, maxMs);
    nextMs = Math.min(nextMs * 2, maxMs);
    return now;
  }

  /** It went well: the next pause is short again. */
  void reset() {
    nextMs = FIRST_MS;
  }
}
