package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The producers that a log remembers, and its transactions: which batches are new, which came
 * before, and from where on nothing is stable. Rules: KIP-98, KIP-360, as Kafka 4 has them.
 *
 * <p>Confined to: the log's owner.
 */
final class ProducerTable {
  /** Looking for idle producers takes a look at each. */
  private static final long LOOK_EVERY_MS = 1_000;

  private final ProducerMemory memory;
  private final Map<Long, ProducerEntry> producers = new HashMap<>();
  // Written by the owner; read by whoever counts.
  private volatile int size;
  private boolean followed;
  private long nextLookMs = Long.MIN_VALUE;
  // First offset to producer id.
  private final TreeMap<Long, Long> openTxns = new TreeMap<>();
  // First offset to offset of the marker, while the marker is not below the high watermark.
  private final TreeMap<Long, Long> unreplicatedTxns = new TreeMap<>();
  private long endOffset;
  // Whether it knows every producer that ever wrote to the log: an unknown one has not begun.
  private boolean complete;
  // Made when one comes, which is seldom.
  private @Nullable UnbegunProducers unbegun;

  ProducerTable(ProducerMemory memory) {
    this.memory = memory;
  }

  /** How many producers it knows. Any thread. */
  int size() {
    return size;
  }

  private void counted() {
    int now = producers.size();
    if (now == size) {
      return;
    }
    if (!followed) {
      followed = true;
      memory.follow(this);
    }
    memory.changed(now - size);
    size = now;
  }

  /** Offset up to which batches were applied. */
  long endOffset() {
    return endOffset;
  }

  void endAt(long offset) {
    endOffset = offset;
  }

  Collection<ProducerEntry> entries() {
    return producers.values();
  }

  /** The same batch, when it is among those that are remembered of its producer; else null. */
  ProducerEntry.@Nullable Batch findDuplicate(BatchView batch) {
    ProducerEntry entry = producers.get(batch.producerId());
    return entry == null
        ? null
        : entry.find(batch.producerEpoch(), batch.baseSequence(), batch.lastSequence());
  }

  /**
   * Checks a batch of a producer against what is known.
   *
   * @param nowMs wall clock
   * @throws AppendException its epoch is old, or its sequence leaves a gap
   */
  void check(BatchView batch, AppendOrigin origin, long nowMs) throws AppendException {
    ProducerEntry entry = producers.get(batch.producerId());
    if (origin == AppendOrigin.REPLICATION) {
      return;
    }
    if (entry == null) {
      checkFirst(batch, origin, nowMs);
      if (origin == AppendOrigin.CLIENT && memory.isFull(nowMs)) {
        makeRoom(batch, nowMs);
      }
      return;
    }
    short epoch = batch.producerEpoch();
    if (epoch < entry.epoch) {
      throw new AppendException(
          Errors.INVALID_PRODUCER_EPOCH,
          "producer " + entry.producerId + " has epoch " + entry.epoch + ", the batch " + epoch);
    }
    if (batch.isControl()) {
      return;
    }
    if (origin == AppendOrigin.CLIENT) {
      checkSequence(entry, batch);
    }
    if (entry.txnFirstOffset != ProducerEntry.NO_TXN && !batch.isTransactional()) {
      throw new AppendException(
          Errors.INVALID_TXN_STATE,
          "producer " + entry.producerId + " has an open transaction, the batch is outside of it");
    }
  }

  /** Forgets those that were idle for a while, and refuses a new one when there are none. */
  private void makeRoom(BatchView batch, long nowMs) throws AppendException {
    if (nowMs >= nextLookMs || nextLookMs - nowMs > LOOK_EVERY_MS) {
      nextLookMs = nowMs + LOOK_EVERY_MS;
      expire(nowMs);
    }
    if (memory.isFull(nowMs)) {
      memory.refused();
      throw new AppendException(
          Errors.POLICY_VIOLATION,
          "producer %d is new, and the broker remembers as many as producer.id.memory.bytes lets it"
              .formatted(batch.producerId()));
    }
  }

  /**
   * A batch in flight behind one that was refused, as by a leader that had not begun, must not go
   * before it. The answer is one that every client repeats: librdkafka gives up for good when the
   * first batch in its line is out of order.
   */
  private void checkFirst(BatchView batch, AppendOrigin origin, long nowMs) throws AppendException {
    if (origin != AppendOrigin.CLIENT || batch.isControl()) {
      return;
    }
    // One that may have been forgotten is kept waiting only for what was refused in front of it.
    boolean isBehind = unbegun != null && unbegun.isBehind(batch, nowMs);
    if (batch.baseSequence() <= 0 || (!complete && !isBehind)) {
      if (unbegun != null) {
        unbegun.forget(batch.producerId());
      }
      return;
    }
    if (unbegun == null) {
      unbegun = new UnbegunProducers();
    }
    if (isBehind || !unbegun.mayBegin(batch, nowMs)) {
      throw new AppendException(
          Errors.NOT_LEADER_OR_FOLLOWER,
          "producer %d has written nothing here, and begins with sequence %d"
              .formatted(batch.producerId(), batch.baseSequence()));
    }
  }

  /**
   * A client's batches were refused before they came here, as too few replicas are in sync: of a
   * producer that is not known what is in flight behind them must not go before them.
   */
  void refused(ByteBuffer batches, long nowMs) {
    BatchView batch = new BatchView();
    for (int at = batches.position(); at < batches.limit(); at = batch.end()) {
      batch.wrap(batches, at);
      if (batch.hasProducerId()
          && !batch.isControl()
          && !producers.containsKey(batch.producerId())) {
        if (unbegun == null) {
          unbegun = new UnbegunProducers();
        }
        unbegun.refused(batch, nowMs);
      }
    }
  }

  /** Sequences begin again at 0 behind the largest: what is further behind is ahead. */
  private static final int SEQUENCES_BEHIND_MAX = 1 << 30;

  private void checkSequence(ProducerEntry entry, BatchView batch) throws AppendException {
    if (entry.epoch == BatchView.NO_PRODUCER_EPOCH) {
      return;
    }
    short epoch = batch.producerEpoch();
    int first = batch.baseSequence();
    int end = batch.lastSequence();
    int last = epoch == entry.epoch ? entry.lastSequence() : BatchView.NO_SEQUENCE;
    boolean inSequence = first == last + 1L || (first == 0 && last == Integer.MAX_VALUE);
    boolean isBehind =
        !inSequence && first <= end && end <= last && last - end < SEQUENCES_BEHIND_MAX;
    if (isBehind && entry.mayLackBatches()) {
      // It was appended, but where is no longer known: a snapshot keeps the last batch alone.
      // Clients take this for a success; out of order would make them send it under a new epoch.
      throw new AppendException(
          Errors.DUPLICATE_SEQUENCE_NUMBER,
          "producer %d, epoch %d: sequences %d to %d were appended before %d"
              .formatted(entry.producerId, epoch, first, end, last));
    }
    if (!inSequence) {
      throw new AppendException(
          Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
          "producer %d, epoch %d: sequence %d does not follow %d of epoch %d"
              .formatted(entry.producerId, epoch, first, entry.lastSequence(), entry.epoch));
    }
  }

  /**
   * Takes a batch that has its offset into the state.
   *
   * @return the transaction that it aborts, for the transaction index; null when it aborts none
   */
  @Nullable AbortedTxn apply(BatchView batch) {
    endOffset = batch.nextOffset();
    if (!batch.hasProducerId()) {
      return null;
    }
    if (batch.isControl()) {
      TxnMarker marker = TxnMarker.of(batch);
      return marker == null ? null : applyMarker(batch, marker);
    }
    ProducerEntry entry = entryOf(batch);
    entry.add(
        batch.producerEpoch(),
        new ProducerEntry.Batch(
            batch.lastSequence(),
            batch.lastOffset(),
            batch.lastOffsetDelta(),
            batch.maxTimestamp()),
        batch.leaderEpoch());
    if (batch.isTransactional() && entry.txnFirstOffset == ProducerEntry.NO_TXN) {
      entry.txnFirstOffset = batch.baseOffset();
      openTxns.put(batch.baseOffset(), batch.producerId());
    }
    return null;
  }

  private ProducerEntry entryOf(BatchView batch) {
    ProducerEntry entry = producers.get(batch.producerId());
    if (entry == null) {
      entry = new ProducerEntry(batch.producerId());
      producers.put(batch.producerId(), entry);
      counted();
    }
    return entry;
  }

  private @Nullable AbortedTxn applyMarker(BatchView batch, TxnMarker marker) {
    ProducerEntry entry = entryOf(batch);
    long first = entry.txnFirstOffset;
    entry.endTxn(batch.producerEpoch(), marker.coordinatorEpoch(), marker.timestampMs());
    if (first == ProducerEntry.NO_TXN) {
      return null;
    }
    long end = batch.baseOffset();
    openTxns.remove(first);
    unreplicatedTxns.put(first, end);
    if (!marker.abort()) {
      return null;
    }
    long stable = openTxns.isEmpty() ? end + 1 : openTxns.firstKey();
    return new AbortedTxn(batch.producerId(), first, end, stable);
  }

  /** The high watermark moved: markers below it are replicated. */
  void onHighWatermark(long highWatermark) {
    unreplicatedTxns.values().removeIf(marker -> marker < highWatermark);
  }

  /**
   * First offset of a transaction that is open or not replicated; {@code Long.MAX_VALUE} if none.
   */
  long firstUnstableOffset() {
    long open = openTxns.isEmpty() ? Long.MAX_VALUE : openTxns.firstKey();
    long unreplicated = unreplicatedTxns.isEmpty() ? Long.MAX_VALUE : unreplicatedTxns.firstKey();
    return Math.min(open, unreplicated);
  }

  /** Forgets producers without an open transaction that were idle too long. */
  void expire(long nowMs) {
    long afterMs = memory.expirationMs(nowMs);
    if (producers.values().removeIf(entry -> isExpired(entry, afterMs, nowMs))) {
      complete = false;
      counted();
    }
  }

  private static boolean isExpired(ProducerEntry entry, long afterMs, long nowMs) {
    return entry.txnFirstOffset == ProducerEntry.NO_TXN && nowMs - entry.lastTimestampMs >= afterMs;
  }

  /** The state as a snapshot file holds it. */
  ByteBuffer snapshot() {
    return ProducerSnapshot.encode(producers.values());
  }

  /** Replaces the state with that of a snapshot taken at {@code offset}. */
  void load(List<ProducerEntry> snapshot, long offset, long nowMs) {
    // Whoever is not in a snapshot of this run has written behind it, or nothing.
    long afterMs = memory.expirationMs(nowMs);
    boolean knewAll =
        complete && snapshot.stream().noneMatch(each -> isExpired(each, afterMs, nowMs));
    reset(offset);
    complete = knewAll;
    for (ProducerEntry entry : snapshot) {
      if (!isExpired(entry, afterMs, nowMs)) {
        producers.put(entry.producerId, entry);
        if (entry.txnFirstOffset != ProducerEntry.NO_TXN) {
          openTxns.put(entry.txnFirstOffset, entry.producerId);
        }
      }
    }
    counted();
  }

  /** Forgets everything; the next batch is expected at {@code offset}. */
  void reset(long offset) {
    producers.clear();
    openTxns.clear();
    unreplicatedTxns.clear();
    endOffset = offset;
    complete = offset == 0;
    unbegun = null;
    counted();
  }

  /** Where each producer's newest batch ends, by producer id. */
  Map<Long, ProducerEnd> ends() {
    Map<Long, ProducerEnd> ends = new HashMap<>();
    producers
        .values()
        .forEach(
            entry -> ends.put(entry.producerId, new ProducerEnd(entry.lastOffset(), entry.epoch)));
    return ends;
  }

  List<ActiveProducer> describe() {
    return producers.values().stream()
        .map(
            entry ->
                new ActiveProducer(
                    entry.producerId,
                    entry.epoch,
                    entry.lastSequence(),
                    entry.lastTimestampMs,
                    entry.coordinatorEpoch,
                    entry.txnFirstOffset))
        .toList();
  }
}
