package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The time index of a sealed segment, searched in its file. Thread-safe. */
final class TimeIndexFile implements TimeLookup {
  private final LazyFile file;
  private final long baseOffset;

  TimeIndexFile(LazyFile file, long baseOffset) {
    this.file = file;
    this.baseOffset = baseOffset;
  }

  @Override
  public long floor(long timestampMs) throws IOException {
    LogFile index = file.get();
    ByteBuffer entry = ByteBuffer.allocate(TimeEntries.ENTRY_BYTES);
    long low = 0;
    long high = index.size() / TimeEntries.ENTRY_BYTES;
    long found = baseOffset;
    while (low < high) {
      long middle = (low + high) >>> 1;
      index.read(entry.clear(), middle * TimeEntries.ENTRY_BYTES);
      if (entry.getLong(0) <= timestampMs) {
        found = baseOffset + Integer.toUnsignedLong(entry.getInt(8));
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return found;
  }

  /** The last entry (timestamp, offset): the largest timestamp of the segment; −1 when empty. */
  TimestampedOffset last() throws IOException {
    LogFile index = file.get();
    long entries = index.size() / TimeEntries.ENTRY_BYTES;
    if (entries == 0) {
      return new TimestampedOffset(baseOffset, -1, -1);
    }
    ByteBuffer entry = ByteBuffer.allocate(TimeEntries.ENTRY_BYTES);
    index.read(entry, (entries - 1) * TimeEntries.ENTRY_BYTES);
    long offset = baseOffset + Integer.toUnsignedLong(entry.getInt(8));
    return new TimestampedOffset(offset, entry.getLong(0), -1);
  }
}
