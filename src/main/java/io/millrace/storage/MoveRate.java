package io.millrace.storage;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all moves between folders may copy in a second, {@code
 * replica.alter.log.dirs.io.max.bytes.per.second} (KIP-113). Thread-safe.
 */
final class MoveRate {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final long NS_PER_MS = 1_000_000L;
  private static final int CHUNK_BYTES_MAX = 1 << 20;
  private static final int CHUNK_BYTES_MIN = 4096;

  private final AtomicLong freeAtNs = new AtomicLong(Long.MIN_VALUE);
  private volatile long bytesPerSecond;

  MoveRate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  void set(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** What one step may copy: at most the share of half a second, so that a new rate acts soon. */
  int chunkBytes() {
    return (int) Math.max(CHUNK_BYTES_MIN, Math.min(CHUNK_BYTES_MAX, bytesPerSecond / 2));
  }

  /** Milliseconds until the next step may run; 0 when it may now. */
  long waitMs(long nowNs) {
    long freeAt = freeAtNs.get();
    return bytesPerSecond == Long.MAX_VALUE || freeAt <= nowNs
        ? 0
        : (freeAt - nowNs + NS_PER_MS - 1) / NS_PER_MS;
  }

  /** Counts bytes that were copied. */
  void copied(int bytes, long nowNs) {
    long rate = bytesPerSecond;
    if (rate != Long.MAX_VALUE) {
      long costNs = (long) ((double) bytes / rate * NS_PER_SECOND);
      freeAtNs.updateAndGet(freeAt -> Math.max(freeAt, nowNs) + costNs);
    }
  }
}
