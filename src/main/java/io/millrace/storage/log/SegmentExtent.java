package io.millrace.storage.log;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(SegmentExtent.class);

  /** The largest timestamp stands in the time index file and was not read. */
  static final long UNREAD = Long.MIN_VALUE;

  /** Its largest timestamp with the last offset of the batch that has it; −1 when it has none. */
  TimestampedOffset newest() throws IOException {
    return maxTimestampMs == UNREAD
        ? new TimeIndexFile(segment.timeIndexFile(), baseOffset()).last()
        : new TimestampedOffset(offsetOfMaxTimestamp, maxTimestampMs, -1);
  }

  /**
   * The largest timestamp by the batches when the time index does not name one that has it: what is
   * deleted for its age is not to hang on a byte of a small file. Reads one batch's header as a
   * rule, all of them when the index is wrong.
   */
  long largestTimestampMs() throws IOException {
    TimestampedOffset told = newest();
    if (maxTimestampMs != UNREAD || endPosition == 0) {
      return told.timestampMs();
    }
    BatchCursor named = seek(told.offset());
    boolean right =
        named != null
            && (!named.isV2()
                || (named.baseOffset() <= told.offset()
                    && named.maxTimestamp() == told.timestampMs()));
    if (right) {
      return told.timestampMs();
    }
    BatchCursor cursor = new BatchCursor(segment.log(), 0, endPosition);
    long largest = -1;
    while (cursor.next()) {
      largest = Math.max(largest, cursor.maxTimestamp());
    }
    LOG.warn(
        "{} does not say what the batches say: their largest timestamp is {}",
        segment.timeIndexFile().path(),
        largest);
    return largest;
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
    BatchCursor cursor = walkTo(offset);
    return cursor.sizeBytes() == 0 ? null : cursor;
  }

  /** On the first batch whose last offset is at least {@code offset}, else where batches end. */
  private BatchCursor walkTo(long offset) throws IOException {
    BatchCursor cursor = near(offset);
    boolean there = cursor.sizeBytes() > 0 || cursor.next();
    while (there && cursor.lastOffset() < offset) {
      there = cursor.next();
    }
    return cursor;
  }

  /**
   * A cursor at or before the batch with that offset: where the index says, on a batch that fits,
   * else at the begin. An index that is damaged would have records passed over in silence.
   */
  private BatchCursor near(long offset) throws IOException {
    long from = offsets.floorByOffset(offset);
    if (from > 0 && from < endPosition) {
      BatchCursor cursor = new BatchCursor(segment.log(), from, endPosition);
      if (cursor.next() && isOurs(cursor) && cursor.baseOffset() <= offset) {
        return cursor;
      }
    }
    if (from != 0) {
      LOG.debug("{} is damaged: the segment is read", segment.indexFile().path());
    }
    return new BatchCursor(segment.log(), 0, endPosition);
  }

  private boolean isOurs(BatchCursor cursor) {
    return cursor.baseOffset() >= baseOffset() && cursor.lastOffset() < endOffset;
  }

  /**
   * As {@link #positionOf}, for a reader, who is not to pass over what cannot be read.
   *
   * @throws CorruptLogException a batch before the offset is damaged, so that it is not found
   */
  long positionToRead(long offset) throws IOException {
    if (offset >= endOffset || endPosition == 0) {
      return endPosition;
    }
    BatchCursor cursor = walkTo(offset);
    if (cursor.sizeBytes() == 0 && cursor.position() < endPosition) {
      throw new CorruptLogException(
          segment.logFile().path(), cursor.position(), "there is no whole batch");
    }
    return cursor.position();
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
    long from = offsets.floorByPosition(limit);
    BatchCursor cursor = new BatchCursor(segment.log(), Math.max(start, from), endPosition);
    long boundary = Math.max(start, from);
    if (from > start && !(from <= limit && cursor.next() && isOurs(cursor))) {
      cursor = new BatchCursor(segment.log(), start, endPosition); // the index is damaged
      boundary = start;
    } else if (cursor.sizeBytes() > 0 && cursor.endPosition() <= limit) {
      boundary = cursor.endPosition();
    }
    while (cursor.next() && cursor.endPosition() <= limit) {
      boundary = cursor.endPosition();
    }
    return boundary;
  }
}
