package io.millrace.partition;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicIdPartition;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The committed part of a partition that this broker leads, or has a replica of. Thread-safe.
 *
 * @param partition where is read
 */
public record LocalCommittedLog(Partition partition) implements CommittedLog {
  private static final ReadLimit LIMIT = ReadLimit.LAST_STABLE_OFFSET;

  @Override
  public TopicIdPartition id() {
    return partition.id();
  }

  @Override
  public LogConfig config() {
    return partition.config();
  }

  @Override
  public Future<CommittedOffsets> offsets(EventLoop loop) {
    ReadOutcome now = partition.readOffsets(LIMIT, -1);
    return Future.succeededFuture(
        new CommittedOffsets(now.error(), now.logStartOffset(), now.highWatermark(), now.limit()));
  }

  @Override
  public long end() {
    return partition.readOffsets(LIMIT, -1).limit();
  }

  /**
   * Last stable offset as this broker's replica knows it, whoever leads; -1 while it is not open.
   */
  public long knownEnd() {
    return partition.lastStableOffset();
  }

  /** What lies in the page cache is read at once; what may not, by a worker. */
  @Override
  public Future<CommittedRead> read(EventLoop loop, long from, int maxBytes) {
    return partition
        .findCold(loop, from, maxBytes, LIMIT, true)
        .transform(
            found -> given(loop, found.result(), partition.read(from, maxBytes, LIMIT, -1, true)));
  }

  /**
   * As {@link #read}, also where this broker follows. What it cannot answer for sure is refused:
   * only the leader knows then.
   */
  public Future<CommittedRead> readFromAny(EventLoop loop, long from, int maxBytes) {
    return partition
        .findCold(loop, from, maxBytes, LIMIT, true)
        .transform(
            found ->
                given(
                    loop, found.result(), partition.readFromAny(from, maxBytes, LIMIT, -1, true)));
  }

  private Future<CommittedRead> given(
      EventLoop loop, @Nullable Touched touched, ReadOutcome outcome) {
    if (outcome.error() != Errors.NONE || outcome.sizeInBytes() == 0) {
      outcome.release();
      return Future.succeededFuture(with(outcome, CommittedRead.NO_BYTES));
    }
    if (outcome.isCold() && (touched == null || !touched.covers(outcome))) {
      return loop.offload(Work.COLD_READ, () -> copied(outcome)).map(bytes -> with(outcome, bytes));
    }
    try {
      return Future.succeededFuture(with(outcome, copied(outcome)));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static ByteBuffer copied(ReadOutcome outcome) {
    try {
      return outcome.copy();
    } finally {
      outcome.release();
    }
  }

  private CommittedRead with(ReadOutcome outcome, ByteBuffer bytes) {
    List<AbortedTransaction> aborted = outcome.abortedTxns();
    long start =
        outcome.error() == Errors.NONE ? outcome.logStartOffset() : partition.logStartOffset();
    return new CommittedRead(
        outcome.error(), start, outcome.limit(), bytes, aborted == null ? List.of() : aborted);
  }

  @Override
  public Future<FoundOffset> findOffset(EventLoop loop, long timestampMs) {
    return partition.findOffset(loop, timestampMs, LIMIT, -1);
  }

  @Override
  public Future<FoundOffset> epochEnd(EventLoop loop, int leaderEpoch) {
    return partition.epochEnd(loop, leaderEpoch, -1);
  }

  @Override
  public Registration awaitData(EventLoop loop, long seen, Runnable wake) {
    return partition.awaitData(loop, LIMIT, seen, wake);
  }
}
