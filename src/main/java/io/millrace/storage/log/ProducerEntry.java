package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the log remembers of one producer: its epoch, its last five batches, its open transaction.
 * Kafka's {@code ProducerStateEntry}.
 *
 * <p>Beside them it remembers the five before the leader changed. A producer may have them in
 * flight to a leader that is silent, and meanwhile send any number to the next one.
 *
 * <p>Confined to: the log's owner.
 */
final class ProducerEntry {
  /** Batches in which a resent one is recognised: as many as a producer may have in flight. */
  static final int WINDOW = 5;

  /** No open transaction. */
  static final long NO_TXN = -1;

  private static final Batch[] NONE = {};

  final long producerId;
  short epoch = BatchView.NO_PRODUCER_EPOCH;
  int coordinatorEpoch = -1;
  long lastTimestampMs = BatchView.NO_TIMESTAMP;
  long txnFirstOffset = NO_TXN;

  private final Batch[] window = new Batch[WINDOW];
  private int count;
  private int leaderEpoch = -1;
  private Batch[] ofLeaderBefore = NONE;
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

  /** The remembered batch that has exactly these sequences; null when there is none. */
  @Nullable Batch find(short epoch, int firstSequence, int lastSequence) {
    if (epoch != this.epoch) {
      return null;
    }
    Batch found = find(window, count, firstSequence, lastSequence);
    return found != null
        ? found
        : find(ofLeaderBefore, ofLeaderBefore.length, firstSequence, lastSequence);
  }

  private static @Nullable Batch find(
      Batch[] batches, int count, int firstSequence, int lastSequence) {
    for (int i = 0; i < count; i++) {
      Batch each = batches[i];
      if (each.lastSequence == lastSequence && each.firstSequence() == firstSequence) {
        return each;
      }
    }
    return null;
  }

  /**
   * Takes its newest batch.
   *
   * @param leaderEpoch in which it was appended; -1 when that is not known
   */
  void add(short epoch, Batch batch, int leaderEpoch) {
    beginEpoch(epoch);
    if (leaderEpoch != this.leaderEpoch) {
      this.leaderEpoch = leaderEpoch;
      ofLeaderBefore = count == 0 ? NONE : Arrays.copyOf(window, count);
    }
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
      ofLeaderBefore = NONE;
      fromSnapshot = false;
    }
  }
}
