package io.millrace.partition;

import io.millrace.storage.StoredLog;
import io.millrace.storage.log.AbortedTxn;
import io.millrace.storage.log.CorruptLogException;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Shapes what one view of a log answers to a reader. Any thread. */
final class LogReader {
  private LogReader() {}

  static ReadOutcome read(
      StoredLog log,
      LogView view,
      long offset,
      int maxBytes,
      ReadLimit limit,
      boolean minOneBatch) {
    try {
      return readView(view, offset, maxBytes, limit, minOneBatch);
    } catch (UncheckedIOException e) {
      log.folder().readFailed(log.id().topicPartition(), e.getCause());
      return ReadOutcome.refused(
          e.getCause() instanceof CorruptLogException
              ? Errors.CORRUPT_MESSAGE
              : Errors.KAFKA_STORAGE_ERROR);
    }
  }

  /** The offsets of a view without any records. */
  static ReadOutcome offsets(LogView view, ReadLimit limit) {
    return outcome(view, limit.of(view), null, false, aborted(view, limit, 0, 0));
  }

  private static ReadOutcome readView(
      LogView view, long offset, int maxBytes, ReadLimit limit, boolean minOneBatch) {
    long end = limit.of(view);
    if (offset < view.logStartOffset() || offset > view.logEndOffset()) {
      return ReadOutcome.refused(Errors.OFFSET_OUT_OF_RANGE);
    }
    if (offset >= end || (maxBytes <= 0 && !minOneBatch)) {
      return outcome(view, end, null, offset < view.activeBaseOffset(), aborted(view, limit, 0, 0));
    }
    LogSlice slice = view.read(offset, maxBytes, end, minOneBatch);
    if (slice == null) {
      return ReadOutcome.refused(Errors.OFFSET_OUT_OF_RANGE);
    }
    if (slice.sizeInBytes() == 0) {
      slice.release();
      slice = null;
    }
    return outcome(
        view,
        end,
        slice,
        offset < view.activeBaseOffset(),
        aborted(view, limit, offset, slice == null ? offset : end));
  }

  private static ReadOutcome outcome(
      LogView view,
      long end,
      @Nullable LogSlice slice,
      boolean olderSegment,
      @Nullable List<AbortedTransaction> aborted) {
    return new ReadOutcome(
        Errors.NONE,
        view.highWatermark(),
        view.lastStableOffset(),
        view.logStartOffset(),
        end,
        slice,
        olderSegment,
        aborted);
  }

  private static @Nullable List<AbortedTransaction> aborted(
      LogView view, ReadLimit limit, long from, long to) {
    if (limit != ReadLimit.LAST_STABLE_OFFSET) {
      return null;
    }
    if (from >= to) {
      return List.of();
    }
    List<AbortedTxn> aborted = view.abortedTransactions(from, to);
    return aborted.isEmpty() ? List.of() : aborted.stream().map(LogReader::message).toList();
  }

  private static AbortedTransaction message(AbortedTxn aborted) {
    return new AbortedTransaction()
        .setProducerId(aborted.producerId())
        .setFirstOffset(aborted.firstOffset());
  }
}
