package io.millrace.storage.log;

import io.millrace.record.BatchView;

/**
 * What the log remembers of one producer: its epoch, its last five batches, its open transaction.
 * Kafka's {@code ProducerStateEntry}.
 *
 * <p>Confined to: the log's owner.
 */
final class ProducerEntry {
  /** Batches in which a resent one is recognised: as many as a producer may have in flight. */
  static final int WINDOW = 5;

  /** No open transaction. */
  static final long NO_TXN = -1;

  final long producerId;
  short epoch = BatchView.NO_PRODUCER_EPOCH;
  int coordinatorEpoch = -1;
  long lastTimestampMs = BatchView.NO_TIMESTAMP;
  long txnFirstOffset = NO_TXN;

  private final Batch[] window = new Batch[WINDOW];
  private int count;
  private boolean fromSnapshot;

  ProducerEntry(long producerId) {
    this.producerId = producerId;
  }

  /**
   * One batch of the window.
   *
   * @param lastSequence sequence of its last record
   * @param lastOffset offset of its last record
   * @param offsetDelta last minus first offset, and last minus first sequence
   * @param timestampMs its largest timestamp
   */
  record Batch(int lastSequence, long lastOffset, int offsetDelta, long timestampMs) {
    long firstOffset() {
      return lastOffset - offsetDelta;
    }

    int firstSequence() {
      int first = lastSequence - offsetDelta;
      return first < 0 && lastSequence >= 0
          ? Integer.MAX_VALUE - (offsetDelta - lastSequence) + 1
          : first;
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  int lastSequence() {
    return count == 0 ? BatchView.NO_SEQUENCE : window[count - 1].lastSequence;
  }

  long lastOffset() {
    return count == 0 ? -1 : window[count - 1].lastOffset;
  }

  int lastOffsetDelta() {
    return count == 0 ? 0 : window[count - 1].offsetDelta;
  }

  /** The batch of the window that has exactly these sequences; null when there is none. */
  @org.jspecify.annotations.Nullable
  Batch find(short epoch, int firstSequence, int lastSequence) {
    if (epoch != this.epoch) {
      return null;
    }
    for (int i = 0; i < count; i++) {
      if (window[i].lastSequence == lastSequence && window[i].firstSequence() == firstSequence) {
        return window[i];
      }
    }
    return null;
  }

  void add(short epoch, Batch batch) {
    beginEpoch(epoch);
    if (count == WINDOW) {
      System.arraycopy(window, 1, window, 0, WINDOW - 1);
      count--;
    }
    window[count++] = batch;
    lastTimestampMs = batch.timestampMs;
  }

  /** It was read from a snapshot, which has the last batch alone of those in its window. */
  void cameFromSnapshot() {
    fromSnapshot = true;
  }

  /** Whether a batch that is not in the window can be one that its producer still waits for. */
  boolean mayLackBatches() {
    return fromSnapshot && count < WINDOW;
  }

  /** An end marker: the transaction is over. */
  void endTxn(short epoch, int coordinatorEpoch, long timestampMs) {
    beginEpoch(epoch);
    this.coordinatorEpoch = coordinatorEpoch;
    this.txnFirstOffset = NO_TXN;
    this.lastTimestampMs = timestampMs;
  }

  private void beginEpoch(short epoch) {
    if (this.epoch != epoch) {
      this.epoch = epoch;
      count = 0;
      fromSnapshot = false;
    }
  }
}
