package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.PriorityQueue;
import org.apache.kafka.common.protocol.Errors;

/**
 * Appends that wait until the high watermark passes them. A duplicate waits for the end of the
 * original, so the order of arrival is not the order of the offsets.
 *
 * <p>Confined to: the shard that owns the partition.
 */
final class CommitQueue {
  private final EventLoop shard;
  private final PriorityQueue<Parked> parked = new PriorityQueue<>(1);

  CommitQueue(EventLoop shard) {
    this.shard = shard;
  }

  private static final class Parked implements Comparable<Parked> {
    private final long endOffset;
    private final Promise<Errors> answer = Promise.promise();
    private Timer.Handle timeout = () -> {};

    Parked(long endOffset) {
      this.endOffset = endOffset;
    }

    @Override
    public int compareTo(Parked other) {
      return Long.compare(endOffset, other.endOffset);
    }
  }

  /**
   * Waits until the high watermark reaches {@code endOffset}.
   *
   * @param timeoutMs then it is REQUEST_TIMED_OUT; the records stay in the log
   */
  Future<Errors> await(long endOffset, int timeoutMs) {
    Parked waiting = new Parked(endOffset);
    parked.add(waiting);
    waiting.timeout =
        shard.schedule(
            Math.max(0, timeoutMs),
            () -> {
              if (parked.remove(waiting)) {
                waiting.answer.complete(Errors.REQUEST_TIMED_OUT);
              }
            });
    return waiting.answer.future();
  }

  boolean isEmpty() {
    return parked.isEmpty();
  }

  /** Answers with {@code result} whoever waits for an offset up to {@code highWatermark}. */
  void release(long highWatermark, Errors result) {
    while (!parked.isEmpty() && parked.peek().endOffset <= highWatermark) {
      answer(parked.poll(), result);
    }
  }

  /** Answers everybody. */
  void failAll(Errors error) {
    while (!parked.isEmpty()) {
      answer(parked.poll(), error);
    }
  }

  private static void answer(Parked waiting, Errors result) {
    waiting.timeout.cancel();
    waiting.answer.complete(result);
  }
}
