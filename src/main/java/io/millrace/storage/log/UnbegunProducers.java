package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Producers of which a log knows nothing, and that do not begin with sequence 0. Most often a batch
 * in front is still to come, refused by a leader that had not begun; but the producer may as well
 * have begun in a topic of the same name that was deleted since. The two look alike, until the same
 * batch has come again for a while: clients repeat in order, so nothing is in front of it.
 *
 * <p>Confined to: the log's owner.
 */
final class UnbegunProducers {
  /** Longer than clients wait before they repeat a batch: 100 ms at first, 1 s at most. */
  static final int PATIENCE_MS = 2_000;

  /**
   * Whoever is forgotten has to be patient again, or has an old batch taken for a duplicate, as
   * after a restart.
   */
  private static final int PRODUCERS_MAX = 1_000;

  /** The batch of a producer that is furthest in front, of those which came. */
  private record Front(short epoch, int sequence, long firstSeenMs, long lastSeenMs) {}

  /** The first batch of a producer here. */
  private record Start(short epoch, int sequence) {}

  private final Map<Long, Front> fronts = new Limited<>();
  private final Map<Long, Start> starts = new Limited<>();

  private static final class Limited<V> extends LinkedHashMap<Long, V> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
      return size() > PRODUCERS_MAX;
    }
  }

  /**
   * Whether a producer that the log does not know may begin with this batch.
   *
   * @param nowMs wall clock
   */
  boolean mayBegin(BatchView batch, long nowMs) {
    long producer = batch.producerId();
    Front front = fronts.get(producer);
    if (front == null || goesBefore(batch, front, nowMs)) {
      fronts.put(producer, new Front(batch.producerEpoch(), batch.baseSequence(), nowMs, nowMs));
      return false;
    }
    if (batch.baseSequence() > front.sequence) {
      return false;
    }
    if (nowMs - front.firstSeenMs >= PATIENCE_MS) {
      fronts.remove(producer);
      starts.put(producer, new Start(front.epoch, front.sequence));
      return true;
    }
    fronts.put(producer, new Front(front.epoch, front.sequence, front.firstSeenMs, nowMs));
    return false;
  }

  /** The producer begins with this batch, whatever may be in front of it. */
  void begin(BatchView batch) {
    fronts.remove(batch.producerId());
    starts.put(batch.producerId(), new Start(batch.producerEpoch(), batch.baseSequence()));
  }

  /** The producer begins with sequence 0: nothing is in front of it. */
  void forget(long producerId) {
    fronts.remove(producerId);
    starts.remove(producerId);
  }

  /**
   * Whether a batch stands before the first one that was taken of its producer: it was never
   * appended here.
   */
  boolean isBeforeStart(BatchView batch) {
    Start start = starts.get(batch.producerId());
    return start != null
        && start.epoch == batch.producerEpoch()
        && batch.baseSequence() < start.sequence
        && batch.baseSequence() >= 0;
  }

  /** A batch that is not repeated any more was given up, and holds nobody up. */
  private static boolean goesBefore(BatchView batch, Front front, long nowMs) {
    return batch.producerEpoch() != front.epoch
        || batch.baseSequence() < front.sequence
        || (batch.baseSequence() > front.sequence && nowMs - front.lastSeenMs >= PATIENCE_MS);
  }
}
