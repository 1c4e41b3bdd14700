package io.millrace.storage.log.clean;

import io.millrace.storage.log.AbortedTxn;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Follows transactions through batches in the order of offsets, and tells which batches are of
 * aborted ones and which markers have nothing left to mark (KIP-98, KIP-534).
 *
 * <p>Confined to: the compacting worker.
 */
final class OpenTransactions {
  private final PriorityQueue<AbortedTxn> ahead =
      new PriorityQueue<>(Comparator.comparingLong(AbortedTxn::firstOffset));
  private final Consumer<AbortedTxn> kept;

  /** Aborted transactions whose records are passing, by producer id. */
  private final Map<Long, Aborted> aborted = new HashMap<>();

  /** Producers of committed transactions of which a record was kept. */
  private final Set<Long> committedWithRecords = new HashSet<>();

  private static final class Aborted {
    final AbortedTxn txn;
    boolean hasBatches;

    Aborted(AbortedTxn txn) {
      this.txn = txn;
    }
  }

  /**
   * @param kept takes the aborted transactions whose marker stays
   */
  OpenTransactions(Consumer<AbortedTxn> kept) {
    this.kept = kept;
  }

  /** Adds the aborted transactions of the segments that come next. */
  void add(List<AbortedTxn> transactions) {
    ahead.addAll(transactions);
  }

  /** Whether a batch of records belongs to an aborted transaction. */
  boolean isAborted(RecordBatch batch) {
    begin(batch.lastOffset());
    if (!batch.isTransactional()) {
      return false;
    }
    Aborted transaction = aborted.get(batch.producerId());
    return transaction != null && transaction.txn.firstOffset() <= batch.lastOffset();
  }

  /** Notes that a batch of a transaction is kept, also when nothing but its header is. */
  void keep(RecordBatch batch) {
    if (!batch.isTransactional() || batch.isControlBatch()) {
      return;
    }
    Aborted transaction = aborted.get(batch.producerId());
    if (transaction != null) {
      transaction.hasBatches = true;
    } else {
      committedWithRecords.add(batch.producerId());
    }
  }

  /** Whether a control batch marks the end of a transaction of which no batch is left. */
  boolean isMarkerOfNothing(RecordBatch batch) {
    begin(batch.lastOffset());
    Iterator<Record> records = batch.iterator();
    if (!records.hasNext()) {
      // An earlier compaction left only the header.
      return true;
    }
    return switch (ControlRecordType.parse(records.next().key())) {
      case ABORT -> endAborted(batch.producerId());
      case COMMIT -> !committedWithRecords.remove(batch.producerId());
      default -> false;
    };
  }

  private boolean endAborted(long producerId) {
    Aborted ended = aborted.remove(producerId);
    if (ended == null) {
      return true;
    }
    if (ended.hasBatches) {
      kept.accept(ended.txn);
    }
    return !ended.hasBatches;
  }

  private void begin(long upToOffset) {
    while (!ahead.isEmpty() && ahead.peek().firstOffset() <= upToOffset) {
      AbortedTxn next = ahead.poll();
      aborted.put(next.producerId(), new Aborted(next));
    }
  }
}
