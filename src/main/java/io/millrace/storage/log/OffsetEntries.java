package io.millrace.storage.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The offset index of a segment that is being written, in memory: entries of relative last offset
 * and position, both growing. Kafka's {@code OffsetIndex}.
 *
 * <p>Confined to: the log's owner. What {@link #lookup} gives out is immutable: entries are only
 * added behind its end, and cut off only after the segment was replaced.
 */
final class OffsetEntries {
  /** Bytes of an entry in the file: 4 relative offset, 4 position. */
  static final int ENTRY_BYTES = 8;

  private static final long[] NONE = {};
  private static final int FIRST_CAPACITY = 16;

  private final long baseOffset;
  private long[] entries = NONE;
  private int count;
  private Lookup lookup;

  OffsetEntries(long baseOffset) {
    this.baseOffset = baseOffset;
    this.lookup = new Lookup(baseOffset, entries, 0);
  }

  void add(long offset, int position) {
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, Math.max(FIRST_CAPACITY, count * 2));
    }
    entries[count++] = (offset - baseOffset) << 32 | position;
  }

  /** Only while nobody reads: before the segment is in a view. */
  void removeLast() {
    count--;
  }

  int count() {
    return count;
  }

  long lastOffset() {
    return count == 0 ? baseOffset : baseOffset + (entries[count - 1] >>> 32);
  }

  int lastPosition() {
    return count == 0 ? 0 : (int) entries[count - 1];
  }

  /** Entries from {@code from} on, as the file holds them. */
  ByteBuffer encode(int from) {
    ByteBuffer bytes = ByteBuffer.allocate((count - from) * ENTRY_BYTES);
    for (int i = from; i < count; i++) {
      bytes.putLong(entries[i]);
    }
    return bytes.flip();
  }

  /** Adds entries of a file while they grow and stay below both bounds. */
  void load(ByteBuffer bytes, long belowOffset, int belowPosition) {
    while (bytes.remaining() >= ENTRY_BYTES) {
      long entry = bytes.getLong();
      long offset = baseOffset + (entry >>> 32);
      int position = (int) entry;
      if (offset >= belowOffset
          || position >= belowPosition
          || position <= lastPosition()
          || (count > 0 && offset <= lastOffset())) {
        return;
      }
      add(offset, position);
    }
  }

  /** The entries as they are now. */
  OffsetLookup lookup() {
    if (lookup.count != count) {
      lookup = new Lookup(baseOffset, entries, count);
    }
    return lookup;
  }

  private static final class Lookup implements OffsetLookup {
    private final long baseOffset;
    private final long[] entries;
    private final int count;

    Lookup(long baseOffset, long[] entries, int count) {
      this.baseOffset = baseOffset;
      this.entries = entries;
      this.count = count;
    }

    @Override
    public long floorByOffset(long offset) {
      long relative = offset - baseOffset;
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (entries[middle] >>> 32 <= relative) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == 0 ? 0 : (int) entries[low - 1];
    }

    @Override
    public long floorByPosition(long position) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if ((int) entries[middle] <= position) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == 0 ? 0 : (int) entries[low - 1];
    }
  }
}
