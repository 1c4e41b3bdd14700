package io.millrace.storage.log.clean;

import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * What stays of each batch: the last record of each key, tombstones until their delete horizon,
 * markers until what they mark is gone, and the last header of each active producer.
 *
 * <p>Confined to: the compacting worker.
 */
final class CompactionFilter extends RecordFilter {
  private final KeyOffsets keys;
  private final OpenTransactions transactions;
  private final ProducerEnds producers;

  /** In old formats, which have no delete horizon: whether the segment is old enough. */
  private boolean legacyTombstonesStay;

  private boolean recordsGo;

  CompactionFilter(
      KeyOffsets keys,
      OpenTransactions transactions,
      ProducerEnds producers,
      long nowMs,
      long deleteRetentionMs) {
    super(nowMs, deleteRetentionMs);
    this.keys = keys;
    this.transactions = transactions;
    this.producers = producers;
  }

  /** Says which segment the next batches come from. */
  void enter(SourceSegment segment) {
    legacyTombstonesStay = segment.lastModifiedMs() > currentTime - deleteRetentionMs;
  }

  @Override
  protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
    boolean markerOfNothing = false;
    if (batch.isControlBatch()) {
      markerOfNothing = transactions.isMarkerOfNothing(batch);
      recordsGo = markerOfNothing && isPastHorizon(batch);
    } else {
      recordsGo = transactions.isAborted(batch);
    }
    boolean last = batch.hasProducerId() && producers.isLastOfProducer(batch);
    BatchRetention retention;
    if (last) {
      retention = BatchRetention.RETAIN_EMPTY;
    } else {
      retention = recordsGo ? BatchRetention.DELETE : BatchRetention.DELETE_EMPTY;
    }
    if (last) {
      transactions.keep(batch);
    }
    return new BatchRetentionResult(retention, markerOfNothing);
  }

  @Override
  protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
    if (recordsGo) {
      return false;
    }
    if (batch.isControlBatch()) {
      return true;
    }
    if (!record.hasKey()) {
      // Written before the topic was compacted; such a record has no place in a compacted log.
      return false;
    }
    boolean stays =
        record.offset() >= keys.lastOffset(record.key())
            && (record.hasValue() || tombstoneStays(batch));
    if (stays) {
      transactions.keep(batch);
    }
    return stays;
  }

  private boolean tombstoneStays(RecordBatch batch) {
    return batch.magic() < RecordBatch.MAGIC_VALUE_V2
        ? legacyTombstonesStay
        : !isPastHorizon(batch);
  }

  private boolean isPastHorizon(RecordBatch batch) {
    return batch.deleteHorizonMs().isPresent()
        && currentTime >= batch.deleteHorizonMs().getAsLong();
  }
}
