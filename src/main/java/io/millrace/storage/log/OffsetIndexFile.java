package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The offset index of a sealed segment, searched in its file: a few reads of 8 bytes, no memory
 * kept. Thread-safe.
 */
final class OffsetIndexFile implements OffsetLookup {
  private final LazyFile file;
  private final long baseOffset;

  OffsetIndexFile(LazyFile file, long baseOffset) {
    this.file = file;
    this.baseOffset = baseOffset;
  }

  @Override
  public long floorByOffset(long offset) throws IOException {
    return search(offset - baseOffset, true);
  }

  @Override
  public long floorByPosition(long position) throws IOException {
    return search(position, false);
  }

  private long search(long key, boolean byOffset) throws IOException {
    LogFile index = file.get();
    ByteBuffer entry = ByteBuffer.allocate(OffsetEntries.ENTRY_BYTES);
    long low = 0;
    long high = index.size() / OffsetEntries.ENTRY_BYTES;
    long found = 0;
    while (low < high) {
      long middle = (low + high) >>> 1;
      index.read(entry.clear(), middle * OffsetEntries.ENTRY_BYTES);
      long value = Integer.toUnsignedLong(entry.getInt(byOffset ? 0 : 4));
      if (value <= key) {
        found = entry.getInt(4);
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return found;
  }
}
