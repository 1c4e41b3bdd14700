package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import io.millrace.storage.StoredLog;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.AppendOrigin;
import io.millrace.storage.log.EpochEnd;
import io.millrace.storage.log.Log;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a replica that follows does to its log. Each step names the leader epoch that it is meant
 * for, and fails with {@link AppendException} when that one is over: NOT_LEADER_OR_FOLLOWER,
 * FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH; or with NOT_ENOUGH_REPLICAS while the disk is full.
 *
 * <p>One step is to end before the next one begins.
 *
 * <p>Thread-safe; results complete on the caller's loop.
 */
public final class FollowerSteps {
  private final LocalReplica replica;

  FollowerSteps(LocalReplica replica) {
    this.replica = replica;
  }

  /** Begins: what the log holds is made as durable as the topic asks for. */
  public Future<FollowerPosition> begin(EventLoop caller, int leaderEpoch) {
    return step(
        caller,
        leaderEpoch,
        () -> {
          log().forgetEmptyLeaderEpochs();
          return stored().settle();
        });
  }

  /**
   * Appends what the leader sent, and takes over its offsets.
   *
   * @param batches whole checked batches; must stay as they are until the result
   * @param highWatermark the leader's
   * @param logStartOffset the leader's
   * @return completes when the records are in the file, or are durable where the topic asks for it
   */
  public Future<FollowerPosition> append(
      EventLoop caller,
      int leaderEpoch,
      ByteBuffer batches,
      long highWatermark,
      long logStartOffset) {
    return step(
        caller,
        leaderEpoch,
        () ->
            stored()
                .append(batches, AppendOrigin.REPLICATION, leaderEpoch, () -> {})
                .map(
                    appended -> {
                      if (replica.checkFollows(leaderEpoch) == Errors.NONE) {
                        replica.onLeaderOffsets(highWatermark, logStartOffset);
                      }
                      return null;
                    }));
  }

  /** Takes over the leader's offsets; the records have not changed. */
  public Future<FollowerPosition> note(
      EventLoop caller, int leaderEpoch, long highWatermark, long logStartOffset) {
    return step(
        caller,
        leaderEpoch,
        () -> {
          replica.onLeaderOffsets(highWatermark, logStartOffset);
          return Future.succeededFuture();
        });
  }

  /**
   * Truncates to where this log may still be a part of the leader's (KIP-595): the end of the
   * leader's epoch, or where the own epochs up to that one end.
   *
   * @param divergingEpoch largest epoch of the leader that is at most the own last one
   * @param divergingEnd where it ends at the leader
   */
  public Future<FollowerPosition> truncate(
      EventLoop caller, int leaderEpoch, int divergingEpoch, long divergingEnd) {
    return step(
        caller,
        leaderEpoch,
        () -> truncated(() -> stored().truncateTo(cut(divergingEpoch, divergingEnd))));
  }

  private long cut(int divergingEpoch, long divergingEnd) {
    EpochEnd own = log().epochEndOffset(divergingEpoch);
    if (own.endOffset() < 0) {
      return Math.min(divergingEnd, log().logEndOffset());
    }
    return own.leaderEpoch() == divergingEpoch
        ? Math.min(own.endOffset(), divergingEnd)
        : Math.min(own.endOffset(), log().logEndOffset());
  }

  /** Forgets all records: the leader's log starts behind them. */
  public Future<FollowerPosition> restartAt(EventLoop caller, int leaderEpoch, long offset) {
    return step(caller, leaderEpoch, () -> truncated(() -> stored().restartAt(offset)));
  }

  private Future<Void> truncated(Supplier<Future<Void>> cut) {
    return cut.get()
        .map(
            done -> {
              replica.wakeReaders();
              return null;
            });
  }

  private StoredLog stored() {
    return replica.stored();
  }

  private Log log() {
    return stored().log();
  }

  private Future<FollowerPosition> step(
      EventLoop caller, int leaderEpoch, Supplier<Future<Void>> work) {
    return caller.ask(
        replica.stored().shard(),
        () -> {
          Errors refusal = replica.checkFollows(leaderEpoch);
          return refusal == Errors.NONE
              ? work.get().map(done -> position())
              : Future.failedFuture(new AppendException(refusal, refusal.message()));
        });
  }

  private FollowerPosition position() {
    return new FollowerPosition(
        stored().view().logEndOffset(), log().latestLeaderEpoch(), log().logStartOffset());
  }
}
