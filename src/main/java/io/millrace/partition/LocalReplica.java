package io.millrace.partition;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.storage.StoredLog;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.AppendOrigin;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The replica of a partition on this broker, as its shard sees it: leadership, who is in sync, the
 * high watermark, and everybody who waits for it.
 *
 * <p>Confined to: the shard that owns the partition.
 */
final class LocalReplica {
  private static final int ACKS_ALL = -1;

  private final int brokerId;
  private final StoredLog stored;
  private final Log log;
  private final EventLoop shard;
  private final long lagTimeMaxMs;

  // Owner: the shard.
  private Leadership leadership;
  private @Nullable ReplicaState replicas;
  private Errors closedBy = Errors.NONE;
  private final CommitQueue commits;
  private final Waiters committed = new Waiters();
  private final Waiters logEnd = new Waiters();
  private final List<LongConsumer> watchers = new ArrayList<>(0);

  LocalReplica(int brokerId, StoredLog stored, Leadership leadership, long lagTimeMaxMs) {
    this.brokerId = brokerId;
    this.stored = stored;
    this.log = stored.log();
    this.shard = stored.shard();
    this.lagTimeMaxMs = lagTimeMaxMs;
    this.leadership = leadership;
    this.commits = new CommitQueue(shard);
    take(leadership);
  }

  StoredLog stored() {
    return stored;
  }

  /** Begins or ends to lead, or takes a new ISR. Steps that are older than what it knows pass. */
  void become(Leadership next) {
    shard.assertOwner();
    if (next.leaderEpoch() < leadership.leaderEpoch()
        || next.partitionEpoch() < leadership.partitionEpoch()) {
      return;
    }
    boolean sameTerm =
        next.leaderEpoch() == leadership.leaderEpoch() && next.isLeader() == leadership.isLeader();
    leadership = next;
    if (sameTerm && replicas != null) {
      replicas.onIsr(next.isr(), next.partitionEpoch());
    } else {
      take(next);
      commits.failAll(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    advance();
    wakeReaders();
  }

  private void take(Leadership next) {
    if (!next.isLeader()) {
      replicas = null;
      return;
    }
    if (log.latestLeaderEpoch() < next.leaderEpoch()) {
      log.beginLeaderEpoch(next.leaderEpoch());
    }
    replicas =
        new ReplicaState(
            brokerId,
            next,
            stored.acknowledgedEnd(),
            log.highWatermark(),
            log.config().minInsyncReplicas(),
            lagTimeMaxMs,
            shard.clock().monotonicMs());
    advance();
  }

  /** The topic's settings changed. */
  void reconfigure(LogConfig config) {
    shard.assertOwner();
    stored.reconfigure(config);
    if (replicas != null) {
      replicas.onMinInsyncReplicas(config.minInsyncReplicas());
    }
    advance();
  }

  /**
   * Appends batches of a client and answers when as many replicas have them as {@code acks} asks
   * for.
   */
  Future<AppendOutcome> append(ByteBuffer checked, short acks, int timeoutMs, Runnable onWritten) {
    shard.assertOwner();
    Errors refusal = refusal(acks);
    if (refusal != Errors.NONE) {
      onWritten.run();
      return Future.succeededFuture(AppendOutcome.refused(refusal));
    }
    Promise<AppendOutcome> answer = Promise.promise();
    stored
        .append(checked, AppendOrigin.CLIENT, leadership.leaderEpoch(), onWritten)
        .onComplete(
            done -> {
              if (done.failed()) {
                answer.complete(failure(done.cause()));
              } else {
                appended(done.result(), acks, timeoutMs, answer);
              }
            });
    return answer.future();
  }

  private Errors refusal(short acks) {
    if (closedBy != Errors.NONE) {
      return closedBy;
    }
    if (replicas == null) {
      return Errors.NOT_LEADER_OR_FOLLOWER;
    }
    return acks == ACKS_ALL && !replicas.hasEnoughInSync()
        ? Errors.NOT_ENOUGH_REPLICAS
        : Errors.NONE;
  }

  private void appended(
      LogAppend append, short acks, int timeoutMs, Promise<AppendOutcome> answer) {
    advance();
    if (acks != ACKS_ALL) {
      answer.complete(outcome(append, Errors.NONE));
    } else if (log.highWatermark() > append.lastOffset()) {
      answer.complete(outcome(append, committedResult()));
    } else {
      commits
          .await(append.lastOffset() + 1, timeoutMs)
          .onSuccess(error -> answer.complete(outcome(append, error)));
    }
  }

  private Errors committedResult() {
    return replicas == null || replicas.hasEnoughInSync()
        ? Errors.NONE
        : Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
  }

  private static AppendOutcome outcome(LogAppend append, Errors error) {
    return new AppendOutcome(
        error, append.baseOffset(), append.logAppendTimeMs(), append.logStartOffset(), null);
  }

  private AppendOutcome failure(Throwable cause) {
    if (cause instanceof AppendException refused) {
      return new AppendOutcome(refused.error(), -1, -1, log.logStartOffset(), refused.getMessage());
    }
    return AppendOutcome.refused(Errors.KAFKA_STORAGE_ERROR);
  }

  /**
   * Appends what a coordinator of this broker wrote; answers when it is committed.
   *
   * @return fails with {@link AppendException}
   */
  Future<LogAppend> appendAsCoordinator(
      ByteBuffer batches, int leaderEpoch, int timeoutMs, Runnable onWritten) {
    shard.assertOwner();
    Errors refusal = refusal((short) ACKS_ALL);
    if (refusal == Errors.NONE && leaderEpoch != leadership.leaderEpoch()) {
      refusal = Errors.NOT_LEADER_OR_FOLLOWER;
    }
    if (refusal != Errors.NONE) {
      onWritten.run();
      return Future.failedFuture(new AppendException(refusal, refusal.message()));
    }
    return stored
        .append(batches, AppendOrigin.COORDINATOR, leaderEpoch, onWritten)
        .compose(
            append -> {
              advance();
              if (log.highWatermark() > append.lastOffset()) {
                return Future.succeededFuture(append);
              }
              return commits
                  .await(append.lastOffset() + 1, timeoutMs)
                  .compose(
                      error ->
                          error == Errors.NONE
                              ? Future.succeededFuture(append)
                              : Future.failedFuture(new AppendException(error, error.message())));
            });
  }

  /** Deletes the records below {@code offset}, -1 for the high watermark. */
  Future<DeleteOutcome> deleteRecords(long offset) {
    shard.assertOwner();
    Errors refusal = refusal((short) 1);
    if (refusal == Errors.NONE && !log.config().cleanup().delete()) {
      refusal = Errors.POLICY_VIOLATION;
    }
    long target = offset == -1 ? log.highWatermark() : offset;
    if (refusal == Errors.NONE && (target < 0 || target > log.highWatermark())) {
      refusal = Errors.OFFSET_OUT_OF_RANGE;
    }
    if (refusal != Errors.NONE) {
      return Future.succeededFuture(new DeleteOutcome(refusal, -1));
    }
    log.advanceLogStart(target);
    wakeReaders();
    return Future.succeededFuture(new DeleteOutcome(Errors.NONE, log.logStartOffset()));
  }

  /** Moves the high watermark as far as it may, and wakes who waits for it. */
  private void advance() {
    if (replicas == null) {
      return;
    }
    long before = log.highWatermark();
    long now = replicas.onLocalEnd(stored.acknowledgedEnd());
    if (now > before) {
      log.advanceHighWatermark(now);
      commits.release(now, committedResult());
      committed.wake();
      for (int i = 0; i < watchers.size(); i++) {
        watchers.get(i).accept(now);
      }
    }
    logEnd.wake();
  }

  private void wakeReaders() {
    committed.wake();
    logEnd.wake();
  }

  /**
   * Parks a reader, unless its limit moved since it looked.
   *
   * @param seen the limit that the reader saw
   * @return false when it must look again now
   */
  boolean park(Waiters.ShardWait wait, ReadLimit limit, long seen) {
    if (closedBy != Errors.NONE || replicas == null || limit.of(log.view()) != seen) {
      return false;
    }
    (limit == ReadLimit.LOG_END ? logEnd : committed).add(wait);
    return true;
  }

  /** Calls {@code watcher} on the shard with each new high watermark. */
  Registration watchHighWatermark(LongConsumer watcher) {
    shard.assertOwner();
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** Ends it: whoever waits is told {@code error}, and later calls are too. */
  void close(Errors error) {
    shard.assertOwner();
    closedBy = error;
    commits.failAll(error);
    wakeReaders();
  }
}
