package io.millrace.partition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the leader of a partition knows of its replicas, and what follows from it: how far the high
 * watermark may move and which ISR to propose. It decides and does nothing: each input returns the
 * effects that the owner carries out.
 *
 * <p>The high watermark is the least log end of the ISR. While a change of the ISR is under way it
 * counts the union of the old and the wanted one, and it stands still while the ISR has fewer
 * members than {@code min.insync.replicas} asks for (KIP-966), capped by the number of replicas.
 *
 * <p>Confined to: the shard that owns the partition. Pure.
 */
final class ReplicaState {

  /** What the owner has to do. */
  sealed interface Effect {
    /** Move the high watermark up to this offset. */
    record AdvanceHighWatermark(long offset) implements Effect {}

    /** Ask the controller for this ISR; answered by {@link #onIsr} or {@link #onIsrRefused}. */
    record ProposeIsr(Set<Integer> isr, int partitionEpoch) implements Effect {}
  }

  private final int self;
  private final List<Integer> replicas;
  private final long lagTimeMaxMs;
  private int minInsyncReplicas;
  private int partitionEpoch;
  private Set<Integer> isr;
  private Set<Integer> wanted;
  private long localEnd;
  private long highWatermark;
  private final Map<Integer, Follower> followers = new HashMap<>();

  private static final class Follower {
    private long end = -1;
    private long caughtUpAtMs;
    private long lastFetchEnd;
    private long lastFetchAtMs;
  }

  /**
   * The state of a leader that has just begun.
   *
   * @param self id of this broker; one of the replicas
   * @param leadership what the cluster decided
   * @param localEnd end of the own log, as far as it counts
   * @param highWatermark the high watermark so far
   * @param minInsyncReplicas {@code min.insync.replicas} of the topic
   * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
   */
  ReplicaState(
      int self,
      Leadership leadership,
      long localEnd,
      long highWatermark,
      int minInsyncReplicas,
      long lagTimeMaxMs,
      long nowMs) {
    this.self = self;
    this.replicas = leadership.replicas();
    this.partitionEpoch = leadership.partitionEpoch();
    this.isr = Set.copyOf(leadership.isr());
    this.wanted = isr;
    this.localEnd = localEnd;
    this.highWatermark = highWatermark;
    this.minInsyncReplicas = minInsyncReplicas;
    this.lagTimeMaxMs = lagTimeMaxMs;
    for (int replica : replicas) {
      if (replica != self) {
        Follower follower = new Follower();
        // A new leader gives everyone a full time to show up.
        follower.caughtUpAtMs = nowMs;
        followers.put(replica, follower);
      }
    }
  }

  long highWatermark() {
    return highWatermark;
  }

  Set<Integer> isr() {
    return isr;
  }

  /** How many replicas must be in sync: never more than there are. */
  int effectiveMinIsr() {
    return Math.min(minInsyncReplicas, replicas.size());
  }

  /** Whether {@code acks=all} can be promised. */
  boolean hasEnoughInSync() {
    return isr.size() >= effectiveMinIsr();
  }

  /** {@code min.insync.replicas} changed. */
  List<Effect> onMinInsyncReplicas(int min) {
    minInsyncReplicas = min;
    return advance();
  }

  /**
   * The own log reached {@code end}: its written end, or its flushed end when every append is
   * flushed.
   *
   * @return the new high watermark; the same as before when it did not move
   */
  long onLocalEnd(long end) {
    localEnd = Math.max(localEnd, end);
    if (followers.isEmpty()) {
      // Alone: no collection is touched on this path.
      highWatermark = Math.max(highWatermark, localEnd);
    } else {
      advance();
    }
    return highWatermark;
  }

  /** A follower fetched from {@code offset} on: it has everything before it. */
  List<Effect> onFollowerFetch(int replica, long offset, long nowMs) {
    Follower follower = followers.get(replica);
    if (follower == null) {
      return List.of();
    }
    if (offset >= localEnd) {
      follower.caughtUpAtMs = nowMs;
    } else if (offset >= follower.lastFetchEnd) {
      // It has now what was the end when it fetched last time: it was caught up then.
      follower.caughtUpAtMs = Math.max(follower.caughtUpAtMs, follower.lastFetchAtMs);
    }
    follower.end = offset;
    follower.lastFetchEnd = localEnd;
    follower.lastFetchAtMs = nowMs;
    List<Effect> effects = new ArrayList<>(advance());
    if (!wanted.contains(replica) && wanted.equals(isr) && offset >= highWatermark) {
      Set<Integer> grown = new HashSet<>(isr);
      grown.add(replica);
      propose(grown, effects);
    }
    return effects;
  }

  /** Time passes: followers that were not caught up for too long leave the ISR. */
  List<Effect> onTick(long nowMs) {
    if (!wanted.equals(isr)) {
      return List.of();
    }
    Set<Integer> shrunk = new HashSet<>(isr);
    shrunk.removeIf(replica -> isLagging(replica, nowMs));
    List<Effect> effects = new ArrayList<>();
    if (shrunk.size() < isr.size()) {
      propose(shrunk, effects);
    }
    return effects;
  }

  private boolean isLagging(int replica, long nowMs) {
    Follower follower = followers.get(replica);
    return replica != self
        && (follower == null
            || (follower.end < localEnd && nowMs - follower.caughtUpAtMs > lagTimeMaxMs));
  }

  private void propose(Set<Integer> next, List<Effect> effects) {
    wanted = Set.copyOf(next);
    effects.add(new Effect.ProposeIsr(wanted, partitionEpoch));
  }

  /** The image has an ISR for the same leader epoch; older ones are passed over. */
  List<Effect> onIsr(List<Integer> decided, int epoch) {
    if (epoch <= partitionEpoch) {
      return List.of();
    }
    partitionEpoch = epoch;
    isr = Set.copyOf(decided);
    wanted = isr;
    return advance();
  }

  /** The controller refused the proposal; what it wants will come with the image. */
  List<Effect> onIsrRefused() {
    wanted = isr;
    return advance();
  }

  private List<Effect> advance() {
    if (!hasEnoughInSync()) {
      return List.of();
    }
    long least = localEnd;
    for (Map.Entry<Integer, Follower> entry : followers.entrySet()) {
      if (isr.contains(entry.getKey()) || wanted.contains(entry.getKey())) {
        least = Math.min(least, entry.getValue().end);
      }
    }
    if (least <= highWatermark) {
      return List.of();
    }
    highWatermark = least;
    return List.of(new Effect.AdvanceHighWatermark(least));
  }
}
