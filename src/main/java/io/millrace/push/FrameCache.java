package io.millrace.push;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last frames that a feed cut, by their first offset: readers that come to the same place soon
 * after share them. Bounded in bytes and in age. Confined to: one loop.
 */
final class FrameCache {
  private static final int BYTES_MAX = 1 << 20;
  private static final int KEPT_TICKS = 2;

  private final TreeMap<Long, SharedFrame> byFirst = new TreeMap<>();
  private final ArrayDeque<SharedFrame> byAge = new ArrayDeque<>(4);
  private long bytes;

  /** The frame in which that offset lies, or null. */
  @Nullable SharedFrame at(long offset) {
    Map.Entry<Long, SharedFrame> entry = byFirst.floorEntry(offset);
    return entry == null || entry.getValue().cut.next() <= offset ? null : entry.getValue();
  }

  /** First offset of a cached frame behind that offset; {@code otherwise} when there is none. */
  long firstBehind(long offset, long otherwise) {
    Long first = byFirst.higherKey(offset);
    return first == null ? otherwise : Math.min(first, otherwise);
  }

  /** Keeps a frame, with a reference of its own, and lets old ones go. */
  void add(SharedFrame frame, long tick) {
    frame.retain();
    frame.cachedAt = tick;
    SharedFrame replaced = byFirst.put(frame.cut.first(), frame);
    if (replaced != null) {
      byAge.remove(replaced);
      forget(replaced);
    }
    byAge.add(frame);
    bytes += frame.sizeBytes();
    while (bytes > BYTES_MAX) {
      dropOldest();
    }
  }

  private void dropOldest() {
    SharedFrame oldest = byAge.remove();
    byFirst.remove(oldest.cut.first());
    forget(oldest);
  }

  private void forget(SharedFrame frame) {
    bytes -= frame.sizeBytes();
    frame.release();
  }

  /** Lets go what nobody asked for lately. */
  void dropOld(long tick) {
    while (!byAge.isEmpty() && byAge.peek().cachedAt + KEPT_TICKS < tick) {
      dropOldest();
    }
  }

  void clear() {
    while (!byAge.isEmpty()) {
      dropOldest();
    }
  }
}
