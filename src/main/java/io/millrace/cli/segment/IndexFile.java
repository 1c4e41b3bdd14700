package io.millrace.cli.segment;

import io.millrace.cli.tool.ToolException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of {@code .index} and {@code .timeindex} files, which are sparse: not every batch has
 * an entry, and a crash may leave zeros at the end. Stateless.
 */
public final class IndexFile {
  private static final int OFFSET_BYTES = 8;
  private static final int TIME_BYTES = 12;

  private IndexFile() {}

  /**
   * Where a batch lies.
   *
   * @param offset its last offset
   * @param position where it begins, in bytes
   */
  public record OffsetEntry(long offset, int position) {}

  /**
   * The greatest timestamp until an offset.
   *
   * @param timestampMs milliseconds since 1970
   * @param offset last offset of the batch that has it
   */
  public record TimeEntry(long timestampMs, long offset) {}

  /** The entries of an {@code .index}, zeros at the end included. */
  public static List<OffsetEntry> offsets(Path file) {
    long base = SegmentFile.baseOffset(file);
    ByteBuffer content = SegmentFile.content(file);
    List<OffsetEntry> entries = new ArrayList<>();
    while (content.remaining() >= OFFSET_BYTES) {
      entries.add(new OffsetEntry(base + content.getInt(), content.getInt()));
    }
    return entries;
  }

  /** The entries of a {@code .timeindex}, zeros at the end included. */
  public static List<TimeEntry> times(Path file) {
    long base = SegmentFile.baseOffset(file);
    ByteBuffer content = SegmentFile.content(file);
    List<TimeEntry> entries = new ArrayList<>();
    while (content.remaining() >= TIME_BYTES) {
      entries.add(new TimeEntry(content.getLong(), base + content.getInt()));
    }
    return entries;
  }

  /** Position from which an offset is searched: that of the last entry that is not behind it. */
  public static int lookUp(List<OffsetEntry> entries, long offset) {
    int position = 0;
    for (OffsetEntry entry : entries) {
      if (entry.offset() > offset || entry.position() < position) {
        break;
      }
      position = entry.position();
    }
    return position;
  }

  /**
   * Makes the check of a starting broker, which decides whether an index is built anew.
   *
   * @throws ToolException when it would be
   */
  public static void checkOffsets(Path file) {
    checkSize(file, OFFSET_BYTES);
    List<OffsetEntry> entries = offsets(file);
    if (!entries.isEmpty()) {
      checkLastOffset(file, entries.get(entries.size() - 1).offset());
    }
  }

  /**
   * Makes the check of a starting broker, which decides whether a time index is built anew.
   *
   * @throws ToolException when it would be
   */
  public static void checkTimes(Path file) {
    List<TimeEntry> entries = times(file);
    if (!entries.isEmpty()) {
      TimeEntry last = entries.get(entries.size() - 1);
      long first = entries.get(0).timestampMs();
      if (last.timestampMs() < first) {
        throw ToolException.failed(
            "Corrupt time index found, time index file ("
                + file
                + ") has non-zero size but the last timestamp is "
                + last.timestampMs()
                + " which is less than the first timestamp "
                + first);
      }
      checkLastOffset(file, last.offset());
    }
    checkSize(file, TIME_BYTES);
  }

  private static void checkSize(Path file, int entryBytes) {
    int bytes = SegmentFile.content(file).remaining();
    if (bytes % entryBytes != 0) {
      throw ToolException.failed(
          "Index file "
              + file
              + " is corrupt, found "
              + bytes
              + " bytes which is neither positive nor a multiple of "
              + entryBytes);
    }
  }

  private static void checkLastOffset(Path file, long last) {
    long base = SegmentFile.baseOffset(file);
    if (last < base) {
      throw ToolException.failed(
          "Corrupt index found, index file ("
              + file
              + ") has non-zero size but the last offset is "
              + last
              + " which is less than the base offset "
              + base);
    }
  }
}
