package io.millrace.storage;

import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Promise;
import java.util.ArrayDeque;

/**
 * Appends of one log that its file lacks yet, in the order of the log: they wait for the end of the
 * shard's turn, or for room on a full disk.
 *
 * <p>Confined to: the log's shard.
 */
final class UnwrittenAppends {
  private final StorageCounters counters;

  // Two that change places, since giving a buffer back may append again.
  private ArrayDeque<Unwritten> waiting = new ArrayDeque<>(1);
  private ArrayDeque<Unwritten> spare = new ArrayDeque<>(1);
  private final ArrayDeque<Unwritten> answerable = new ArrayDeque<>(1);

  private record Unwritten(
      LogAppend append,
      int sizeBytes,
      boolean fromLeader,
      Promise<LogAppend> answer,
      Runnable onWritten) {}

  UnwrittenAppends(StorageCounters counters) {
    this.counters = counters;
  }

  /**
   * Has an append wait.
   *
   * @param fromLeader whether a follower took it from its leader, which can send it again
   * @param onWritten called once, when the bytes are no longer needed
   */
  void add(
      LogAppend append,
      int sizeBytes,
      boolean fromLeader,
      Promise<LogAppend> answer,
      Runnable onWritten) {
    waiting.add(new Unwritten(append, sizeBytes, fromLeader, answer, onWritten));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * All are in the file: gives their buffers back. {@link #answerWritten} answers those which need
   * not be durable first.
   *
   * @return their bytes
   */
  int written(Durability durability) {
    ArrayDeque<Unwritten> written = waiting;
    waiting = spare;
    spare = written;
    int sizeBytes = 0;
    Unwritten each;
    while ((each = written.poll()) != null) {
      each.onWritten.run();
      sizeBytes += each.sizeBytes;
      if (!durability.holdsBack(each.append, each.answer)) {
        answerable.add(each);
      }
    }
    return sizeBytes;
  }

  /** Answers what is in the file; an answer may append again. */
  void answerWritten() {
    Unwritten each;
    while ((each = answerable.poll()) != null) {
      counters.appended().increment();
      each.answer.complete(each.append);
    }
  }

  /**
   * The disk is full, and the log has copied the bytes: gives the buffers back. Clients' appends go
   * on waiting for room; a leader is told at once that there is none.
   */
  void keepForRoom() {
    ArrayDeque<Unwritten> refused = waiting;
    waiting = new ArrayDeque<>();
    for (Unwritten each : refused) {
      each.onWritten.run();
      if (!each.fromLeader) {
        waiting.add(new Unwritten(each.append, each.sizeBytes, false, each.answer, () -> {}));
      }
    }
    refused.stream()
        .filter(Unwritten::fromLeader)
        .forEach(each -> each.answer.fail(Refusals.diskFull()));
  }

  /** Gives all buffers back, then fails all. */
  void fail(AppendException cause) {
    ArrayDeque<Unwritten> dropped = waiting;
    waiting = new ArrayDeque<>();
    for (Unwritten each : dropped) {
      each.onWritten.run();
    }
    dropped.forEach(each -> each.answer.fail(cause));
  }
}
