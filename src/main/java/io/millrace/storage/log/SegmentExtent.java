package io.millrace.storage.log;

import java.io.IOException;

/**
 * A segment up to an end that is in the file, with the index entries up to there. Immutable; bytes
 * below the end never change while the segment is held.
 *
 * @param segment the files
 * @param endPosition size of its batches in bytes
 * @param endOffset offset behind its last record; of a sealed one the next segment's base offset
 * @param offsets its offset index
 * @param times its time index
 * @param maxTimestampMs its largest timestamp; {@link #UNREAD} while nobody needed it
 * @param offsetOfMaxTimestamp last offset of the batch that has it
 */
record SegmentExtent(
    Segment segment,
    long endPosition,
    long endOffset,
    OffsetLookup offsets,
    TimeLookup times,
    long maxTimestampMs,
    long offsetOfMaxTimestamp) {

  /** The largest timestamp stands in the time index file and was not read. */
  static final long UNREAD = Long.MIN_VALUE;

  /** Its largest timestamp with the last offset of the batch that has it; −1 when it has none. */
  TimestampedOffset newest() throws IOException {
    return maxTimestampMs == UNREAD
        ? new TimeIndexFile(segment.timeIndexFile(), baseOffset()).last()
        : new TimestampedOffset(offsetOfMaxTimestamp, maxTimestampMs, -1);
  }

  /** The same with another end offset. */
  SegmentExtent endingAt(long newEndOffset) {
    return new SegmentExtent(
        segment, endPosition, newEndOffset, offsets, times, maxTimestampMs, offsetOfMaxTimestamp);
  }

  long baseOffset() {
    return segment.baseOffset();
  }

  /** A cursor on the first batch whose last offset is at least {@code offset}; null if none. */
  @org.jspecify.annotations.Nullable
  BatchCursor seek(long offset) throws IOException {
    if (endPosition == 0) {
      return null;
    }
    BatchCursor cursor = new BatchCursor(segment.log(), offsets.floorByOffset(offset), endPosition);
    while (cursor.next()) {
      if (cursor.lastOffset() >= offset) {
        return cursor;
      }
    }
    return null;
  }

  /** Position of the first batch whose last offset is at least {@code offset}, or the end. */
  long positionOf(long offset) throws IOException {
    if (offset >= endOffset) {
      return endPosition;
    }
    BatchCursor cursor = seek(offset);
    return cursor == null ? endPosition : cursor.position();
  }

  /**
   * The last batch boundary at or below {@code limit}.
   *
   * @param start a batch boundary at or below {@code limit}
   */
  long boundaryBelow(long start, long limit) throws IOException {
    if (limit >= endPosition) {
      return endPosition;
    }
    long from = Math.max(start, offsets.floorByPosition(limit));
    BatchCursor cursor = new BatchCursor(segment.log(), from, endPosition);
    long boundary = from;
    while (cursor.next() && cursor.endPosition() <= limit) {
      boundary = cursor.endPosition();
    }
    return boundary;
  }
}
