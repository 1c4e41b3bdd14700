package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by their timestamps: time index, offset index, headers, and one batch's records.
 */
final class TimestampSearch {
  private TimestampSearch() {}

  /** First record at or behind the log start whose timestamp is at least {@code timestampMs}. */
  static @Nullable TimestampedOffset firstFrom(LogView view, long timestampMs, long upToOffset)
      throws IOException {
    for (int i = view.indexOf(view.logStartOffset()); i < view.segmentCount(); i++) {
      SegmentExtent extent = view.at(i);
      if (!extent.segment().tryRetain()) {
        continue;
      }
      try {
        TimestampedOffset found =
            extent.newest().timestampMs() < timestampMs
                ? null
                : firstIn(extent, timestampMs, view.logStartOffset());
        if (found != null) {
          return found.offset() < upToOffset ? found : null;
        }
      } finally {
        extent.segment().release();
      }
    }
    return null;
  }

  private static @Nullable TimestampedOffset firstIn(
      SegmentExtent extent, long timestampMs, long fromOffset) throws IOException {
    if (extent.endPosition() == 0) {
      return null;
    }
    long near = Math.max(extent.times().floor(timestampMs), fromOffset);
    BatchCursor cursor =
        new BatchCursor(
            extent.segment().log(), extent.offsets().floorByOffset(near), extent.endPosition());
    while (cursor.next()) {
      boolean mayHold = !cursor.isV2() || cursor.maxTimestamp() >= timestampMs;
      if (mayHold && cursor.lastOffset() >= fromOffset) {
        TimestampedOffset found = firstIn(extent, cursor, timestampMs, fromOffset);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static @Nullable TimestampedOffset firstIn(
      SegmentExtent extent, BatchCursor cursor, long timestampMs, long fromOffset)
      throws IOException {
    for (Record record : records(extent, cursor)) {
      if (record.timestamp() >= timestampMs && record.offset() >= fromOffset) {
        return new TimestampedOffset(record.offset(), record.timestamp(), cursor.leaderEpoch());
      }
    }
    return null;
  }

  /** The first record with the largest timestamp of the log. */
  static @Nullable TimestampedOffset largest(LogView view) throws IOException {
    SegmentExtent best = null;
    TimestampedOffset newest = null;
    for (int i = view.indexOf(view.logStartOffset()); i < view.segmentCount(); i++) {
      TimestampedOffset here = newestOf(view.at(i));
      if (here.timestampMs() >= 0
          && (newest == null || here.timestampMs() > newest.timestampMs())) {
        best = view.at(i);
        newest = here;
      }
    }
    if (best == null || newest == null || !best.segment().tryRetain()) {
      return null;
    }
    try {
      BatchCursor cursor = best.seek(newest.offset());
      return cursor == null ? newest : firstIn(best, cursor, newest.timestampMs(), 0);
    } finally {
      best.segment().release();
    }
  }

  private static TimestampedOffset newestOf(SegmentExtent extent) throws IOException {
    if (!extent.segment().tryRetain()) {
      return new TimestampedOffset(extent.baseOffset(), -1, -1);
    }
    try {
      return extent.newest();
    } finally {
      extent.segment().release();
    }
  }

  private static MutableRecordBatch records(SegmentExtent extent, BatchCursor cursor)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(cursor.sizeBytes());
    extent.segment().log().read(bytes, cursor.position());
    return MemoryRecords.readableRecords(bytes.flip()).batchIterator().next();
  }
}
