package io.millrace.browser;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.partition.Partition;
import io.millrace.partition.ReadLimit;
import io.millrace.partition.ReadOutcome;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a read with {@code read_committed} found. Immutable, save the buffer's own position.
 *
 * @param error NONE, or why the partition refused
 * @param logStartOffset first offset that may be read; -1 with an error
 * @param limit last stable offset: there is nothing to be read from there on
 * @param bytes batches on the heap; empty when there are none
 * @param aborted aborted transactions among them
 */
public record CommittedRead(
    Errors error,
    long logStartOffset,
    long limit,
    ByteBuffer bytes,
    List<AbortedTransaction> aborted) {
  private static final ReadLimit LIMIT = ReadLimit.LAST_STABLE_OFFSET;
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  /**
   * Reads. What lies in the page cache is read at once; what may not, by a worker.
   *
   * @param loop the loop that asks; gets the answer
   * @param from first offset wanted
   * @param maxBytes how much at most, save that one batch always comes
   */
  public static Future<CommittedRead> of(
      EventLoop loop, Partition partition, long from, int maxBytes) {
    ReadOutcome outcome = partition.read(from, maxBytes, LIMIT, -1, true);
    if (outcome.error() != Errors.NONE || outcome.sizeInBytes() == 0) {
      outcome.release();
      return Future.succeededFuture(with(outcome, partition, NO_BYTES));
    }
    if (outcome.isCold()) {
      return loop.offload(Work.COLD_READ, () -> copied(outcome))
          .map(bytes -> with(outcome, partition, bytes));
    }
    try {
      return Future.succeededFuture(with(outcome, partition, copied(outcome)));
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

  private static CommittedRead with(ReadOutcome outcome, Partition partition, ByteBuffer bytes) {
    List<AbortedTransaction> aborted = outcome.abortedTxns();
    long start =
        outcome.error() == Errors.NONE ? outcome.logStartOffset() : partition.logStartOffset();
    return new CommittedRead(
        outcome.error(), start, outcome.limit(), bytes, aborted == null ? List.of() : aborted);
  }
}
