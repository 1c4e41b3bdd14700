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
 * The replica of a partition on this broker, as its shard sees it: leadership, the high watermark,
 * and everybody who waits for it.
 *
 * <p>Confined to: the shard that owns the partition.
 */
final class LocalReplica {
  private static final int ACKS_ALL = -1;

  private final ReplicaGround ground;
  private final StoredLog stored;
  private final Log log;
  private final EventLoop shard;

  // Owner: the shard; read by any thread.
  private volatile long epochStartOffset;
  private volatile Leadership published;
  private volatile Errors closedBy = Errors.NONE;

  // Owner: the shard.
  private Leadership leadership;
  private @Nullable LeaderRole leader;
  private final CommitQueue commits;
  private @Nullable LeaselessWaits leaseless;
  private final Waiters committed = new Waiters();
  private final Waiters logEnd = new Waiters();
  private final List<LongConsumer> watchers = new ArrayList<>(0);

  LocalReplica(ReplicaGround ground, StoredLog stored, Leadership leadership) {
    this.ground = ground;
    this.stored = stored;
    this.log = stored.log();
    this.shard = stored.shard();
    this.leadership = leadership;
    this.published = leadership;
    this.commits = new CommitQueue(shard);
    take(leadership);
  }

  /** Who leads as far as this replica has taken it in. Any thread. */
  Leadership leadership() {
    return published;
  }

  /** Whether no other broker can have become the leader in place of this one. Any thread. */
  boolean holdsLease() {
    return ground.holdsLease().getAsBoolean();
  }

  StoredLog stored() {
    return stored;
  }

  /**
   * Begins or ends to lead, or takes new replicas or another ISR. Steps that are older than what it
   * knows pass.
   *
   * @return completes when it has taken that in: a truncation under way is waited for
   */
  Future<Void> become(Leadership next) {
    shard.assertOwner();
    if (!stored.isTruncating()) {
      becomeNow(next);
      return Future.succeededFuture();
    }
    return stored.truncationEnded().onSuccess(ended -> becomeNow(next));
  }

  private void becomeNow(Leadership next) {
    if (next.leaderEpoch() < leadership.leaderEpoch()
        || next.partitionEpoch() < leadership.partitionEpoch()) {
      return;
    }
    boolean sameTerm =
        next.leaderEpoch() == leadership.leaderEpoch() && next.isLeader() == leadership.isLeader();
    leadership = next;
    LeaderRole leading = leader;
    if (!sameTerm) {
      if (leading != null) {
        leading.end();
      }
      take(next);
      published = next;
      commits.failAll(Errors.NOT_LEADER_OR_FOLLOWER);
    } else {
      published = next;
      if (leading != null) {
        leading.onPartition(next);
      }
    }
    advance();
    wakeReaders();
  }

  private void take(Leadership next) {
    leader = null;
    if (!next.isLeader()) {
      return;
    }
    if (log.latestLeaderEpoch() < next.leaderEpoch()) {
      log.beginLeaderEpoch(next.leaderEpoch());
    }
    leader = new LeaderRole(ground, stored, next, this::advance);
    epochStartOffset = leader.epochStartOffset();
    leader.onRoom();
    advance();
  }

  /** The topic's settings changed. */
  void reconfigure(LogConfig config) {
    shard.assertOwner();
    stored.reconfigure(config);
    if (leader != null) {
      leader.onMinInsyncReplicas(config.minInsyncReplicas());
    }
    advance();
  }

  /**
   * End of the log when this broker began to lead: below it lies what earlier leaders committed.
   * Any thread.
   */
  long epochStartOffset() {
    return epochStartOffset;
  }

  /** How far the log reaches. */
  ReplicaEnd end() {
    shard.assertOwner();
    long end = log.view().logEndOffset();
    boolean empty = end <= log.logStartOffset();
    return new ReplicaEnd(empty ? -1 : log.leaderEpochAt(end - 1), end);
  }

  /** Null while another broker leads. */
  @Nullable LeaderRole leader() {
    shard.assertOwner();
    return leader;
  }

  /** Why a step for followers is refused that was meant for that leader epoch. */
  Errors checkFollows(int leaderEpoch) {
    shard.assertOwner();
    if (closedBy != Errors.NONE) {
      return closedBy;
    }
    if (leaderEpoch != leadership.leaderEpoch()) {
      return leaderEpoch < leadership.leaderEpoch()
          ? Errors.FENCED_LEADER_EPOCH
          : Errors.UNKNOWN_LEADER_EPOCH;
    }
    return leader != null || stored.isTruncating() ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NONE;
  }

  /**
   * Takes over what the leader said of its offsets, as far as this log reaches.
   *
   * @return whether the log start moved
   */
  boolean onLeaderOffsets(long highWatermark, long logStartOffset) {
    shard.assertOwner();
    long before = log.highWatermark();
    long startBefore = log.logStartOffset();
    log.advanceHighWatermark(highWatermark);
    log.advanceLogStart(Math.min(logStartOffset, log.highWatermark()));
    boolean startMoved = log.logStartOffset() > startBefore;
    if (log.highWatermark() > before) {
      tellWatchers(log.highWatermark());
      committed.wake();
    } else if (startMoved) {
      committed.wake();
    }
    logEnd.wake();
    return startMoved;
  }

  /** Where a fetching follower stands, and that it stands there. */
  FollowerStanding onFollowerFetch(FollowerFetch fetch, FollowerWatch watch) {
    shard.assertOwner();
    Errors refusal = checkLeads(fetch.currentLeaderEpoch());
    LeaderRole leading = leader;
    return refusal != Errors.NONE || leading == null
        ? FollowerStanding.refused(refusal)
        : leading.onFetch(fetch, watch);
  }

  private Errors checkLeads(int leaderEpoch) {
    if (closedBy != Errors.NONE) {
      return closedBy;
    }
    if (leaderEpoch >= 0 && leaderEpoch != leadership.leaderEpoch()) {
      return leaderEpoch < leadership.leaderEpoch()
          ? Errors.FENCED_LEADER_EPOCH
          : Errors.UNKNOWN_LEADER_EPOCH;
    }
    return leader == null ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NONE;
  }

  /**
   * Appends batches of a client and answers when as many replicas have them as {@code acks} asks
   * for.
   */
  Future<AppendOutcome> append(ByteBuffer checked, short acks, int timeoutMs, Runnable onWritten) {
    shard.assertOwner();
    Errors refusal = refusal(acks);
    if (refusal != Errors.NONE) {
      if (refusal == Errors.NOT_ENOUGH_REPLICAS) {
        stored.refused(checked);
      }
      onWritten.run();
      return Future.succeededFuture(AppendOutcome.refused(refusal));
    }
    Promise<AppendOutcome> answer = Promise.promise();
    int epoch = leadership.leaderEpoch();
    stored
        .append(checked, AppendOrigin.CLIENT, epoch, onWritten)
        .onComplete(
            done -> {
              if (done.failed()) {
                answer.complete(failure(done.cause()));
              } else {
                appended(done.result(), epoch, acks, timeoutMs, answer);
              }
            });
    return answer.future();
  }

  private Errors refusal(short acks) {
    Errors refusal = checkLeads(-1);
    LeaderRole leading = leader;
    return refusal == Errors.NONE
            && acks == ACKS_ALL
            && leading != null
            && !leading.hasEnoughInSync()
        ? Errors.NOT_ENOUGH_REPLICAS
        : refusal;
  }

  /** Whether leadership lasted since that epoch: else an offset says nothing of what was given. */
  private boolean stillLeads(int epoch) {
    return leader != null && epoch == leadership.leaderEpoch();
  }

  private void appended(
      LogAppend append, int epoch, short acks, int timeoutMs, Promise<AppendOutcome> answer) {
    advance();
    if (acks != ACKS_ALL) {
      answer.complete(outcome(append, Errors.NONE));
    } else if (!stillLeads(epoch)) {
      answer.complete(outcome(append, Errors.NOT_LEADER_OR_FOLLOWER));
    } else if (log.highWatermark() > append.lastOffset()) {
      answer.complete(outcome(append, committedResult()));
    } else {
      watchLease();
      commits
          .await(append.lastOffset() + 1, timeoutMs)
          .onSuccess(error -> answer.complete(outcome(append, error)));
    }
  }

  /** Partitions at which nobody waits for replicas do without. */
  private void watchLease() {
    LeaselessWaits waits = leaseless;
    if (waits == null) {
      waits = new LeaselessWaits(shard, commits, log::logEndOffset, this::holdsLease);
      leaseless = waits;
    }
    waits.watch();
  }

  private Errors committedResult() {
    return leader == null || leader.hasEnoughInSync()
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
      return refused(refusal);
    }
    return stored
        .append(batches, AppendOrigin.COORDINATOR, leaderEpoch, onWritten)
        .compose(append -> committed(append, leaderEpoch, timeoutMs));
  }

  private Future<LogAppend> committed(LogAppend append, int leaderEpoch, int timeoutMs) {
    advance();
    if (!stillLeads(leaderEpoch)) {
      return refused(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    if (log.highWatermark() > append.lastOffset()) {
      return Future.succeededFuture(append);
    }
    return commits
        .await(append.lastOffset() + 1, timeoutMs)
        .compose(error -> error == Errors.NONE ? Future.succeededFuture(append) : refused(error));
  }

  private static <T> Future<T> refused(Errors error) {
    return Future.failedFuture(new AppendException(error, error.message()));
  }

  /**
   * Deletes the records below {@code offset}, -1 for the high watermark; answers when all replicas
   * that are alive have done so (KIP-107) and no crash of this broker brings the records back.
   */
  Future<DeleteOutcome> deleteRecords(long offset, int timeoutMs) {
    shard.assertOwner();
    Errors refusal = checkLeads(-1);
    LeaderRole leading = leader;
    if (refusal == Errors.NONE && !log.config().cleanup().delete()) {
      refusal = Errors.POLICY_VIOLATION;
    }
    long target = offset == -1 ? log.highWatermark() : offset;
    if (refusal == Errors.NONE && (target < 0 || target > log.highWatermark())) {
      refusal = Errors.OFFSET_OUT_OF_RANGE;
    }
    if (refusal != Errors.NONE || leading == null) {
      return Future.succeededFuture(new DeleteOutcome(refusal, -1));
    }
    log.advanceLogStart(target);
    leading.tellFollowers();
    wakeReaders();
    Future<DeleteOutcome> everywhere = leading.awaitDeleted(target, timeoutMs);
    return stored
        .saveLogStart()
        .compose(
            saved -> everywhere,
            fault -> Future.succeededFuture(new DeleteOutcome(Errors.KAFKA_STORAGE_ERROR, -1)));
  }

  /** Moves the high watermark as far as it may, and wakes who waits for it. */
  private void advance() {
    LeaderRole leading = leader;
    if (leading == null) {
      return;
    }
    long before = log.highWatermark();
    long now = leading.onLocalEnd();
    if (now > before) {
      log.advanceHighWatermark(now);
      commits.release(now, committedResult());
      committed.wake();
      tellWatchers(now);
    }
    leading.tellFollowers();
    logEnd.wake();
  }

  private void tellWatchers(long highWatermark) {
    for (int i = 0; i < watchers.size(); i++) {
      watchers.get(i).accept(highWatermark);
    }
  }

  /** Something changed that a reader who looks again is told. */
  void wakeReaders() {
    committed.wake();
    logEnd.wake();
  }

  /** Those who wait for that limit to move. Any thread. */
  Waiters waiters(ReadLimit limit) {
    return limit == ReadLimit.LOG_END ? logEnd : committed;
  }

  /**
   * Whether a reader that has begun to wait must look again now. Any thread.
   *
   * @param seen the limit that the reader saw
   */
  boolean hasMoved(ReadLimit limit, long seen) {
    return closedBy != Errors.NONE || limit.of(stored.view()) != seen;
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
    if (leader != null) {
      leader.end();
    }
    wakeReaders();
  }
}
