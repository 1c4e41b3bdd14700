package io.millrace.storage;

import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import org.apache.kafka.common.protocol.Errors;

/**
 * Appends of one log that are written and wait until everything up to their end is forced, in the
 * order of the log.
 *
 * <p>Confined to: the log's shard.
 */
final class UnforcedAppends {
  private final StorageCounters counters;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);

  private record Waiting(LogAppend append, long truncationCount, Promise<LogAppend> answer) {}

  UnforcedAppends(StorageCounters counters) {
    this.counters = counters;
  }

  /**
   * Has the answer wait.
   *
   * @param truncationCount of the log now: a truncation fails the answer
   */
  void add(LogAppend append, long truncationCount, Promise<LogAppend> answer) {
    waiting.add(new Waiting(append, truncationCount, answer));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Answers what is durable now, and what never will be. */
  void release(long flushedOffset, long truncationCount) {
    Waiting first;
    while ((first = waiting.peek()) != null
        && (first.truncationCount != truncationCount
            || first.append.lastOffset() < flushedOffset)) {
      waiting.poll();
      if (first.truncationCount == truncationCount) {
        counters.appended().increment();
        first.answer.complete(first.append);
      } else {
        first.answer.fail(
            new AppendException(
                Errors.NOT_LEADER_OR_FOLLOWER,
                "The records were truncated before they were durable"));
      }
    }
  }

  /** Fails all. */
  void fail(AppendException cause) {
    Waiting first;
    while ((first = waiting.poll()) != null) {
      first.answer.fail(cause);
    }
  }
}
