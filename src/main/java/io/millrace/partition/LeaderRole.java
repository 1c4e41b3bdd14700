package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import io.millrace.partition.IsrProposals.Member;
import io.millrace.partition.IsrProposals.Outcome;
import io.millrace.partition.IsrProposals.Proposal;
import io.millrace.partition.ReplicaState.Effect;
import io.millrace.storage.StoredLog;
import io.millrace.storage.log.EpochEnd;
import io.millrace.storage.log.Log;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's side towards the other replicas: it takes their fetches, has the ISR changed, and
 * tells them of news. One per leader epoch.
 *
 * <p>Confined to: the shard that owns the partition.
 */
final class LeaderRole {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderRole.class);

  private static final long PROPOSE_AGAIN_MS = 500;

  private final ReplicaGround ground;
  private final StoredLog stored;
  private final Log log;
  private final EventLoop shard;
  private final int leaderEpoch;
  private final Runnable advance;
  private final ReplicaState replicas;

  // Owner: the shard.
  private List<Integer> replicaIds;
  private final Map<Integer, FollowerWatch> watches = new HashMap<>(4);
  private final CommitQueue deletions;
  private boolean ended;

  /**
   * Begins with what the log holds.
   *
   * @param advance moves the high watermark as far as {@link #onLocalEnd} says
   */
  LeaderRole(ReplicaGround ground, StoredLog stored, Leadership leadership, Runnable advance) {
    this.ground = ground;
    this.stored = stored;
    this.log = stored.log();
    this.shard = stored.shard();
    this.leaderEpoch = leadership.leaderEpoch();
    this.advance = advance;
    this.replicaIds = leadership.replicas();
    this.deletions = new CommitQueue(shard);
    this.replicas =
        new ReplicaState(
            ground.brokerId(),
            leadership,
            log.logEndOffset(),
            stored.acknowledgedEnd(),
            log.highWatermark(),
            log.config().minInsyncReplicas(),
            ground.lagTimeMaxMs(),
            shard.clock().monotonicMs());
  }

  boolean hasEnoughInSync() {
    return replicas.hasEnoughInSync();
  }

  /** End of the log when this leader epoch began. */
  long epochStartOffset() {
    return replicas.epochStartOffset();
  }

  /** The high watermark, after the own log grew. */
  long onLocalEnd() {
    return replicas.onLocalEnd(stored.acknowledgedEnd(), shard.clock().monotonicMs());
  }

  void onMinInsyncReplicas(int min) {
    replicas.onMinInsyncReplicas(min);
  }

  /** Replicas or ISR changed within this leader epoch. */
  void onPartition(Leadership next) {
    replicaIds = next.replicas();
    run(replicas.onPartition(next, ground.brokers(), shard.clock().monotonicMs()));
    watches.keySet().retainAll(replicaIds);
    releaseDeletions();
  }

  /** Brokers were registered, fenced or unfenced. */
  void onBrokers() {
    run(replicas.onBrokers(ground.brokers()));
    releaseDeletions();
  }

  /** The disk became full, or has room again. */
  void onRoom() {
    if (replicas.hasFollowers()) {
      run(replicas.onOwnRoom(stored.hasRoom(), ground.brokers()));
    }
  }

  /** Time passes. */
  void onTick() {
    if (replicas.hasFollowers()) {
      run(replicas.onTick(ground.brokers(), shard.clock().monotonicMs()));
    }
  }

  /**
   * A follower fetched.
   *
   * @param watch told of news for it from now on, in the place of its last one
   */
  FollowerStanding onFetch(FollowerFetch fetch, FollowerWatch watch) {
    if (!replicas.isReplica(fetch.replicaId())) {
      // It knows of a reassignment before this broker does.
      return FollowerStanding.refused(Errors.UNKNOWN_LEADER_EPOCH);
    }
    watches.put(fetch.replicaId(), watch);
    if (fetch.lastFetchedEpoch() >= 0) {
      EpochEnd end = log.epochEndOffset(fetch.lastFetchedEpoch());
      if (end.endOffset() < 0 || end.leaderEpoch() < 0) {
        return FollowerStanding.refused(Errors.OFFSET_OUT_OF_RANGE);
      }
      if (end.leaderEpoch() < fetch.lastFetchedEpoch() || end.endOffset() < fetch.offset()) {
        return new FollowerStanding(Errors.NONE, end.leaderEpoch(), end.endOffset());
      }
    }
    if (fetch.offset() < log.logStartOffset() || fetch.offset() > log.logEndOffset()) {
      return FollowerStanding.refused(Errors.OFFSET_OUT_OF_RANGE);
    }
    run(
        replicas.onFollowerFetch(
            new ReplicaState.Progress(
                fetch.replicaId(),
                fetch.brokerEpoch(),
                fetch.offset(),
                fetch.logStartOffset(),
                fetch.hasRoom()),
            ground.brokers(),
            shard.clock().monotonicMs()));
    releaseDeletions();
    return FollowerStanding.GOOD;
  }

  private void run(List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.ProposeIsr propose) {
        propose(propose);
      } else if (effect instanceof Effect.AdvanceHighWatermark) {
        advance.run();
      }
    }
  }

  private void propose(Effect.ProposeIsr wanted) {
    List<Member> members = wanted.isr().stream().sorted().map(this::member).toList();
    LOG.info(
        "{}: the replicas in sync are to be {}, they were {}",
        stored.id().topicPartition(),
        wanted.isr(),
        replicas.isr());
    ground
        .proposals()
        .propose(
            new Proposal(
                stored.id(),
                leaderEpoch,
                wanted.partitionEpoch(),
                members,
                outcome -> shard.execute(() -> proposed(wanted, outcome))));
  }

  private void proposeAgain(Effect.ProposeIsr wanted) {
    if (!ended && replicas.isWanting(wanted)) {
      propose(wanted);
    }
  }

  private Member member(int id) {
    long epoch = replicas.brokerEpochOf(id);
    return new Member(id, epoch >= 0 ? epoch : ground.brokers().ofAlive(id));
  }

  private void proposed(Effect.ProposeIsr wanted, Outcome outcome) {
    if (ended) {
      return;
    }
    if (outcome instanceof Outcome.Decided decided && decided.leaderEpoch() == leaderEpoch) {
      run(replicas.onIsr(decided.isr(), decided.partitionEpoch()));
      run(replicas.onBrokers(ground.brokers()));
    } else if (outcome instanceof Outcome.Refused refused) {
      LOG.info(
          "{}: {} may not be in sync now: {}",
          stored.id().topicPartition(),
          wanted.isr(),
          refused.error());
      run(replicas.onIsrRefused(wanted.partitionEpoch()));
    } else {
      // What overtook it may itself be undone, with the controller that decided it.
      shard.schedule(PROPOSE_AGAIN_MS, () -> proposeAgain(wanted));
    }
    advance.run();
  }

  /**
   * The replica that a consumer of that rack had better read from: one in sync and in its rack, the
   * one that has most (KIP-392).
   *
   * @param offset where it reads
   * @return -1 when that is this broker, or when there is none
   */
  int preferredReplica(String rack, long offset) {
    if (rack.equals(ground.brokers().rackOf(ground.brokerId()))) {
      return -1;
    }
    int best = -1;
    for (int id : replicas.isr()) {
      if (id != ground.brokerId()
          && rack.equals(ground.brokers().rackOf(id))
          && ground.brokers().ofAlive(id) >= 0
          && replicas.endOf(id) >= offset
          && replicas.logStartOf(id) <= offset
          && (best < 0 || replicas.endOf(id) > replicas.endOf(best))) {
        best = id;
      }
    }
    return best;
  }

  /** Tells the followers' watches that something changed. */
  void tellFollowers() {
    if (!watches.isEmpty()) {
      watches.values().forEach(FollowerWatch::moved);
    }
  }

  /** Forgets a watch, unless another one took its place. */
  void unwatch(int replicaId, FollowerWatch watch) {
    watches.remove(replicaId, watch);
  }

  /** Waits until no replica that is alive holds a record below the offset. */
  Future<DeleteOutcome> awaitDeleted(long offset, int timeoutMs) {
    if (lowWatermark() >= offset) {
      return Future.succeededFuture(new DeleteOutcome(Errors.NONE, lowWatermark()));
    }
    return deletions
        .await(offset, timeoutMs)
        .map(error -> new DeleteOutcome(error, error == Errors.NONE ? lowWatermark() : -1));
  }

  private void releaseDeletions() {
    if (!deletions.isEmpty()) {
      deletions.release(lowWatermark(), Errors.NONE);
    }
  }

  /** The least log start of the replicas that are alive. */
  private long lowWatermark() {
    long least = log.logStartOffset();
    for (int id : replicaIds) {
      if (id != ground.brokerId() && ground.brokers().ofAlive(id) >= 0) {
        least = Math.min(least, replicas.logStartOf(id));
      }
    }
    return least;
  }

  /** It no longer leads, or not in this epoch. */
  void end() {
    ended = true;
    ground.proposals().withdraw(stored.id());
    deletions.failAll(Errors.NOT_LEADER_OR_FOLLOWER);
    tellFollowers();
    watches.clear();
  }
}
