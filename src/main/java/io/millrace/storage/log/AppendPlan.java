package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * What an append would do: found in one walk over the headers, which changes nothing.
 *
 * @param bytes size of all batches
 * @param firstOffset offset of the first record
 * @param nextOffset offset behind the last record
 * @param maxTimestampMs largest timestamp
 * @param logAppendTimeMs timestamp given to the records, −1 when they kept their own
 * @param duplicate the batch that was appended before; null when all is new
 */
record AppendPlan(
    int bytes,
    long firstOffset,
    long nextOffset,
    long maxTimestampMs,
    long logAppendTimeMs,
    ProducerEntry.@Nullable Batch duplicate) {

  /**
   * Checks the batches between position and limit.
   *
   * @param logEndOffset offset that the first record gets
   * @param nowMs wall clock
   * @throws AppendException one of them must not be appended
   */
  static AppendPlan of(
      ByteBuffer batches,
      AppendOrigin origin,
      long logEndOffset,
      ProducerTable producers,
      LogConfig config,
      long nowMs)
      throws AppendException {
    boolean keepsOffsets = origin == AppendOrigin.REPLICATION;
    BatchView batch = new BatchView();
    Set<Long> seen = null;
    long first = -1;
    long next = logEndOffset;
    long maxTimestamp = -1;
    long logAppendTime = -1;
    for (int at = batches.position(); at < batches.limit(); at = batch.end()) {
      checkShape(batch, batches, at);
      if (keepsOffsets && batch.baseOffset() < next) {
        throw new AppendException(
            Errors.OFFSET_OUT_OF_RANGE, batch + " comes behind offset " + next);
      }
      if (!keepsOffsets) {
        checkSize(batch, config);
      }
      if (batch.hasProducerId() && !keepsOffsets) {
        boolean alone = at == batches.position() && batch.end() == batches.limit();
        if (!alone) {
          seen = seen == null ? new HashSet<>() : seen;
          if (!seen.add(batch.producerId())) {
            throw new AppendException(
                Errors.INVALID_RECORD, "two batches of producer " + batch.producerId());
          }
        }
        if (origin == AppendOrigin.CLIENT && alone) {
          ProducerEntry.Batch known = producers.findDuplicate(batch);
          if (known != null) {
            return duplicateOf(known, batch);
          }
        }
        producers.check(batch, origin, nowMs);
      }
      long base = keepsOffsets ? batch.baseOffset() : next;
      first = first < 0 ? base : first;
      next = base + batch.lastOffsetDelta() + 1;
      maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
      logAppendTime = logAppendTimeOf(batch);
    }
    return new AppendPlan(batches.remaining(), first, next, maxTimestamp, logAppendTime, null);
  }

  private static AppendPlan duplicateOf(ProducerEntry.Batch known, BatchView batch) {
    return new AppendPlan(
        0,
        known.firstOffset(),
        known.lastOffset() + 1,
        known.timestampMs(),
        logAppendTimeOf(batch) < 0 ? -1 : known.timestampMs(),
        known);
  }

  private static long logAppendTimeOf(BatchView batch) {
    return batch.timestampType() == TimestampType.LOG_APPEND_TIME ? batch.maxTimestamp() : -1;
  }

  private static void checkShape(BatchView batch, ByteBuffer batches, int at)
      throws AppendException {
    int left = batches.limit() - at;
    batch.wrap(batches, at);
    if (left < BatchView.HEADER_BYTES
        || batch.sizeBytes() < BatchView.HEADER_BYTES
        || batch.sizeBytes() > left
        || batch.magic() != BatchView.MAGIC_V2
        || batch.lastOffsetDelta() < 0) {
      throw new AppendException(Errors.CORRUPT_MESSAGE, "not a whole batch of format 2");
    }
  }

  private static void checkSize(BatchView batch, LogConfig config) throws AppendException {
    if (batch.sizeBytes() > config.maxMessageBytes()) {
      throw new AppendException(
          Errors.MESSAGE_TOO_LARGE,
          "a batch of %d bytes; max.message.bytes is %d"
              .formatted(batch.sizeBytes(), config.maxMessageBytes()));
    }
    if (batch.sizeBytes() > config.segmentBytes()) {
      throw new AppendException(
          Errors.RECORD_LIST_TOO_LARGE,
          "a batch of %d bytes; segment.bytes is %d"
              .formatted(batch.sizeBytes(), config.segmentBytes()));
    }
  }
}
