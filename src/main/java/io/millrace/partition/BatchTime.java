package io.millrace.partition;

import io.millrace.record.BatchView;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the time of a record from the header of its batch. Any thread that may block. */
final class BatchTime {
  private static final Logger LOG = LoggerFactory.getLogger(BatchTime.class);

  private BatchTime() {}

  /** Time in ms of the record at {@code offset}; -1 when there is none that is committed. */
  static long at(LogView view, long offset) {
    LogSlice slice;
    try {
      slice = view.read(Math.max(offset, view.logStartOffset()), 1, view.highWatermark(), true);
    } catch (UncheckedIOException e) {
      return unreadable(offset, e);
    }
    if (slice == null) {
      return BatchView.NO_TIMESTAMP;
    }
    try {
      return slice.sizeInBytes() < BatchView.HEADER_BYTES
          ? BatchView.NO_TIMESTAMP
          : between(header(slice), offset);
    } catch (IOException e) {
      return unreadable(offset, e);
    } finally {
      slice.release();
    }
  }

  private static long unreadable(long offset, Exception cause) {
    LOG.warn("the time of the record at offset {} cannot be read: {}", offset, cause.getMessage());
    return BatchView.NO_TIMESTAMP;
  }

  private static BatchView header(LogSlice slice) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(BatchView.HEADER_BYTES);
    slice.file().read(header, slice.position());
    return new BatchView().wrap(header.flip(), 0);
  }

  /** A batch's records were mostly made one after the other between its two times. */
  private static long between(BatchView batch, long offset) {
    long first = batch.baseTimestamp();
    long span = Math.max(0, batch.maxTimestamp() - first);
    long passed = Math.max(0, Math.min(offset - batch.baseOffset(), batch.lastOffsetDelta()));
    return batch.lastOffsetDelta() == 0 ? first : first + span * passed / batch.lastOffsetDelta();
  }
}
