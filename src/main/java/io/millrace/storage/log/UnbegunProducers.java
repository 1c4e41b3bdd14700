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

  /** Whoever is forgotten has to be patient again. */
  private static final int PRODUCERS_MAX = 1_000;

  /** The batch of a producer that is furthest in front, of those which came. */
  private record Front(short epoch, int sequence, long firstSeenMs, long lastSeenMs) {}

  private final Map<Long, Front> fronts = new Limited();

  private static final class Limited extends LinkedHashMap<Long, Front> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Front> eldest) {
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
    if (front != null && nowMs < front.lastSeenMs) {
      // The clock was set back, by how much nobody knows: the waiting begins anew.
      front = new Front(front.epoch, front.sequence, nowMs, nowMs);
      fronts.put(producer, front);
    }
    if (front == null || goesBefore(batch, front, nowMs)) {
      fronts.put(producer, new Front(batch.producerEpoch(), batch.baseSequence(), nowMs, nowMs));
      return false;
    }
    if (batch.baseSequence() > front.sequence) {
      return false;
    }
    if (nowMs - front.firstSeenMs >= PATIENCE_MS) {
      fronts.remove(producer);
      return true;
    }
    fronts.put(producer, new Front(front.epoch, front.sequence, front.firstSeenMs, nowMs));
    return false;
  }

  /** A batch of a producer that the log does not know was refused for another reason. */
  void refused(BatchView batch, long nowMs) {
    Front front = fronts.get(batch.producerId());
    if (front == null || goesBefore(batch, front, nowMs)) {
      fronts.put(
          batch.producerId(), new Front(batch.producerEpoch(), batch.baseSequence(), nowMs, nowMs));
    } else if (batch.baseSequence() == front.sequence) {
      fronts.put(
          batch.producerId(), new Front(front.epoch, front.sequence, front.firstSeenMs, nowMs));
    }
  }

  /** Whether a batch in front of this one was refused a moment ago, and will come again. */
  boolean isBehind(BatchView batch, long nowMs) {
    Front front = fronts.get(batch.producerId());
    return front != null
        && batch.producerEpoch() == front.epoch
        && batch.baseSequence() > front.sequence
        && nowMs >= front.lastSeenMs
        && nowMs - front.lastSeenMs < PATIENCE_MS;
  }

  /** The producer has begun: nobody waits for what is in front of it. */
  void forget(long producerId) {
    fronts.remove(producerId);
  }

  /** A batch that is not repeated any more was given up, and holds nobody up. */
  private static boolean goesBefore(BatchView batch, Front front, long nowMs) {
    return batch.producerEpoch() != front.epoch
        || batch.baseSequence() < front.sequence
        || (batch.baseSequence() > front.sequence && nowMs - front.lastSeenMs >= PATIENCE_MS);
  }
}
