package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.util.Iterator;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * The end marker of a transaction, read from a control batch (KIP-98).
 *
 * @param abort whether the transaction was aborted
 * @param coordinatorEpoch epoch of the coordinator that wrote it
 * @param timestampMs its timestamp
 */
record TxnMarker(boolean abort, int coordinatorEpoch, long timestampMs) {

  /**
   * The marker in a control batch; null when the batch is empty or holds another control record.
   */
  static @Nullable TxnMarker of(BatchView batch) {
    Iterator<MutableRecordBatch> batches =
        MemoryRecords.readableRecords(batch.bytes()).batchIterator();
    Iterator<Record> records = ((DefaultRecordBatch) batches.next()).iterator();
    if (!records.hasNext()) {
      return null;
    }
    Record record = records.next();
    ControlRecordType type = ControlRecordType.parse(record.key());
    if (type != ControlRecordType.ABORT && type != ControlRecordType.COMMIT) {
      return null;
    }
    EndTransactionMarker marker = EndTransactionMarker.deserialize(record);
    return new TxnMarker(
        type == ControlRecordType.ABORT, marker.coordinatorEpoch(), record.timestamp());
  }
}
