package io.millrace.browser.frame;

import io.millrace.record.BatchView;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.RecordIterator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;

/**
 * Walks the batches of a read with {@code read_committed}: control batches and the batches of
 * aborted transactions are passed over, as Kafka's consumer does it (KIP-98).
 *
 * <p>Confined to: the thread that made it.
 */
public final class CommittedBatches {
  private static final short ABORT = 0;

  private final ByteBuffer bytes;
  private final BatchView batch = new BatchView();
  private final Deque<AbortedTransaction> aborted;
  private final Set<Long> aborting = new HashSet<>(0);
  private int at;
  private boolean wholeBatch;

  /**
   * Begins in front of the first batch.
   *
   * @param bytes batches from index 0 to the limit, on the heap; the last one may be cut off
   * @param aborted aborted transactions among them
   */
  public CommittedBatches(ByteBuffer bytes, List<AbortedTransaction> aborted) {
    this.bytes = bytes;
    this.aborted = new ArrayDeque<>(0);
    if (!aborted.isEmpty()) {
      aborted.stream()
          .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
          .forEach(this.aborted::add);
    }
  }

  /** Moves to the next batch, whether {@link #isVisible} or not; false when there is none. */
  public boolean next() {
    if (wholeBatch) {
      at += batch.sizeBytes();
    }
    int left = bytes.limit() - at;
    wholeBatch =
        left >= BatchView.MAGIC_END
            && batch.wrap(bytes, at).sizeBytes() <= left
            && batch.sizeBytes() >= BatchView.MAGIC_END;
    return wholeBatch;
  }

  /** The batch where it stands. */
  public BatchView batch() {
    return batch;
  }

  /** Whether it has the format that can be read: what older brokers wrote has not. */
  public boolean isReadable() {
    return batch.magic() == BatchView.MAGIC_V2 && batch.sizeBytes() >= BatchView.HEADER_BYTES;
  }

  /** Whether readers may see its records. Once for each readable batch, in their order. */
  public boolean isVisible() {
    if (!batch.hasProducerId()) {
      return !batch.isControl();
    }
    while (!aborted.isEmpty() && aborted.peek().firstOffset() <= batch.lastOffset()) {
      aborting.add(aborted.poll().producerId());
    }
    if (batch.isControl()) {
      if (isAbort()) {
        aborting.remove(batch.producerId());
      }
      return false;
    }
    return !batch.isTransactional() || !aborting.contains(batch.producerId());
  }

  private boolean isAbort() {
    if (batch.count() == 0) {
      return false;
    }
    try {
      RecordIterator records = new RecordIterator(batch, batch.records());
      ByteBuffer key = records.next() ? records.key() : null;
      return key != null && key.remaining() >= 4 && key.getShort(key.position() + 2) == ABORT;
    } catch (InvalidRecordsException e) {
      // A marker that cannot be read ends no transaction: its records stay unseen.
      return false;
    }
  }
}
