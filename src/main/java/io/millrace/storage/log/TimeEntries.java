package io.millrace.storage.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The time index of a segment that is being written, in memory: (timestamp, relative offset) pairs,
 * both growing; no record up to that offset has a larger timestamp. Kafka's {@code TimeIndex}.
 *
 * <p>Confined to: the log's owner; what {@link #lookup} gives out is immutable.
 */
final class TimeEntries {
  /** Bytes of an entry in the file: 8 timestamp, 4 relative offset. */
  static final int ENTRY_BYTES = 12;

  private static final long[] NO_TIMESTAMPS = {};
  private static final int[] NO_OFFSETS = {};
  private static final int FIRST_CAPACITY = 16;

  private final long baseOffset;
  private long[] timestamps = NO_TIMESTAMPS;
  private int[] offsets = NO_OFFSETS;
  private int count;

  TimeEntries(long baseOffset) {
    this.baseOffset = baseOffset;
  }

  /** Adds an entry when its timestamp is larger than the last one's. */
  void maybeAdd(long timestampMs, long offset) {
    if (timestampMs <= lastTimestamp()) {
      return;
    }
    if (count == timestamps.length) {
      int capacity = Math.max(FIRST_CAPACITY, count * 2);
      timestamps = Arrays.copyOf(timestamps, capacity);
      offsets = Arrays.copyOf(offsets, capacity);
    }
    timestamps[count] = timestampMs;
    offsets[count] = (int) (offset - baseOffset);
    count++;
  }

  /** Only while nobody reads: before the segment is in a view. */
  void removeLast() {
    count--;
  }

  int count() {
    return count;
  }

  long lastTimestamp() {
    return count == 0 ? -1 : timestamps[count - 1];
  }

  long lastOffset() {
    return count == 0 ? baseOffset : baseOffset + Integer.toUnsignedLong(offsets[count - 1]);
  }

  /** Entries from {@code from} on, as the file holds them. */
  ByteBuffer encode(int from) {
    ByteBuffer bytes = ByteBuffer.allocate((count - from) * ENTRY_BYTES);
    for (int i = from; i < count; i++) {
      bytes.putLong(timestamps[i]).putInt(offsets[i]);
    }
    return bytes.flip();
  }

  /** Adds entries of a file while they grow and their offsets stay below {@code belowOffset}. */
  void load(ByteBuffer bytes, long belowOffset) {
    while (bytes.remaining() >= ENTRY_BYTES) {
      long timestampMs = bytes.getLong();
      long offset = baseOffset + Integer.toUnsignedLong(bytes.getInt());
      if (timestampMs <= lastTimestamp() || offset < lastOffset() || offset >= belowOffset) {
        return;
      }
      maybeAdd(timestampMs, offset);
    }
  }

  /** The entries as they are now. */
  TimeLookup lookup() {
    long[] snapshot = timestamps;
    int[] relative = offsets;
    int size = count;
    return timestampMs -> {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (snapshot[middle] <= timestampMs) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == 0 ? baseOffset : baseOffset + Integer.toUnsignedLong(relative[low - 1]);
    };
  }
}
