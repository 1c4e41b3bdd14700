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
 * <p>A follower may join when it has everything below the high watermark and everything that the
 * log held when this leader began: what an earlier leader committed ends somewhere between the two.
 *
 * <p>A follower whose disk is full is not waited for: it leaves the ISR and may join when it has
 * room. A leader whose own disk is full takes no records; it wants an ISR without itself, by which
 * the controller elects another leader, as soon as those who stay have all that it has.
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

  /**
   * What a follower's fetch says of it.
   *
   * @param replica its broker id
   * @param brokerEpoch epoch of its registration, -1 when unknown (KIP-903)
   * @param offset where it fetches: it has everything before
   * @param logStartOffset its log start, -1 when unknown
   * @param hasRoom whether it can take records
   */
  record Progress(
      int replica, long brokerEpoch, long offset, long logStartOffset, boolean hasRoom) {}

  private final int self;
  private final long lagTimeMaxMs;
  private final long epochStartOffset;
  private List<Integer> replicas;
  private int minInsyncReplicas;
  private int partitionEpoch;
  private Set<Integer> isr;
  private Set<Integer> wanted;
  private long localEnd;
  private long highWatermark;
  private boolean hasRoom = true;
  private final Map<Integer, Follower> followers = new HashMap<>();

  private static final class Follower {
    private long end = -1;
    private long logStartOffset = -1;
    private boolean hasRoom = true;
    private long brokerEpoch = -1;
    private long caughtUpAtMs;
    private long markEnd = Long.MAX_VALUE;
    private long markAtMs;
  }

  /**
   * The state of a leader that has just begun.
   *
   * @param self id of this broker; one of the replicas
   * @param leadership what the cluster decided
   * @param epochStartOffset end of the own log when this leader epoch began
   * @param localEnd end of the own log, as far as it counts
   * @param highWatermark the high watermark so far
   * @param minInsyncReplicas {@code min.insync.replicas} of the topic
   * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
   */
  ReplicaState(
      int self,
      Leadership leadership,
      long epochStartOffset,
      long localEnd,
      long highWatermark,
      int minInsyncReplicas,
      long lagTimeMaxMs,
      long nowMs) {
    this.self = self;
    this.epochStartOffset = epochStartOffset;
    this.partitionEpoch = leadership.partitionEpoch();
    this.replicas = leadership.replicas();
    this.isr = Set.copyOf(leadership.isr());
    this.wanted = isr;
    this.localEnd = localEnd;
    this.highWatermark = highWatermark;
    this.minInsyncReplicas = minInsyncReplicas;
    this.lagTimeMaxMs = lagTimeMaxMs;
    takeReplicas(leadership.replicas(), nowMs);
  }

  private void takeReplicas(List<Integer> next, long nowMs) {
    replicas = next;
    followers.keySet().retainAll(next);
    for (int replica : next) {
      if (replica != self && !followers.containsKey(replica)) {
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

  /** End of the log when this leader epoch began. */
  long epochStartOffset() {
    return epochStartOffset;
  }

  Set<Integer> isr() {
    return isr;
  }

  boolean isReplica(int broker) {
    return followers.containsKey(broker);
  }

  /** Whether there are other replicas. */
  boolean hasFollowers() {
    return !followers.isEmpty();
  }

  /** Where a follower's log ends as far as it told; -1 when it has told nothing. */
  long endOf(int replica) {
    Follower follower = followers.get(replica);
    return follower == null ? -1 : follower.end;
  }

  /** Where a follower's log starts as far as it told; -1 when it has told nothing. */
  long logStartOf(int replica) {
    Follower follower = followers.get(replica);
    return follower == null ? -1 : follower.logStartOffset;
  }

  /** Epoch of the registration under which a follower fetches; -1 before it does. */
  long brokerEpochOf(int replica) {
    Follower follower = followers.get(replica);
    return follower == null ? -1 : follower.brokerEpoch;
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
  long onLocalEnd(long end, long nowMs) {
    if (followers.isEmpty()) {
      // Alone: no collection is touched on this path.
      localEnd = Math.max(localEnd, end);
      if (hasEnoughInSync()) {
        highWatermark = Math.max(highWatermark, localEnd);
      }
      return highWatermark;
    }
    if (end > localEnd) {
      for (Follower follower : followers.values()) {
        if (follower.end >= localEnd) {
          follower.caughtUpAtMs = Math.max(follower.caughtUpAtMs, nowMs); // until this moment
        }
      }
      localEnd = end;
    }
    advance();
    return highWatermark;
  }

  /**
   * A follower fetched: it has everything before the offset.
   *
   * @param brokers who may be in sync
   */
  List<Effect> onFollowerFetch(Progress fetch, BrokerEpochs brokers, long nowMs) {
    Follower follower = followers.get(fetch.replica());
    if (follower == null || fetch.brokerEpoch() < follower.brokerEpoch) {
      return List.of();
    }
    boolean unmarked = follower.markEnd == Long.MAX_VALUE;
    boolean reached = !unmarked && fetch.offset() >= follower.markEnd;
    if (fetch.offset() >= localEnd) {
      follower.caughtUpAtMs = nowMs;
    } else if (reached) {
      // It has now what was the end then: it was caught up then. However often it fetches, a mark
      // stays until it is reached: one that is always a little behind the end is in sync.
      follower.caughtUpAtMs = Math.max(follower.caughtUpAtMs, follower.markAtMs);
    }
    if (unmarked || reached) {
      follower.markEnd = localEnd;
      follower.markAtMs = nowMs;
    }
    follower.end = fetch.offset();
    follower.logStartOffset = fetch.logStartOffset();
    follower.hasRoom = fetch.hasRoom();
    follower.brokerEpoch = fetch.brokerEpoch();
    List<Effect> effects = new ArrayList<>(advance());
    propose(effects, brokers);
    return effects;
  }

  /** Brokers were registered, fenced or unfenced: who was not eligible before may be now. */
  List<Effect> onBrokers(BrokerEpochs brokers) {
    List<Effect> effects = new ArrayList<>();
    propose(effects, brokers);
    return effects;
  }

  /** The own disk became full, or has room again. */
  List<Effect> onOwnRoom(boolean now, BrokerEpochs brokers) {
    hasRoom = now;
    List<Effect> effects = new ArrayList<>();
    propose(effects, brokers);
    return effects;
  }

  /** Proposes who may join and who has no room to stay, unless a proposal is under way. */
  private void propose(List<Effect> effects, BrokerEpochs brokers) {
    if (!wanted.equals(isr)) {
      return;
    }
    Set<Integer> next = null;
    for (Map.Entry<Integer, Follower> each : followers.entrySet()) {
      int replica = each.getKey();
      boolean isIn = isr.contains(replica);
      boolean staysOut = !isIn && !mayJoin(replica, each.getValue(), brokers);
      if (isIn ? !each.getValue().hasRoom : !staysOut) {
        next = next == null ? new HashSet<>(isr) : next;
        toggle(next, replica);
      }
    }
    if (!hasRoom && mayResign(next == null ? isr : next)) {
      next = next == null ? new HashSet<>(isr) : next;
      next.remove(self);
    }
    if (next != null) {
      propose(next, effects);
    }
  }

  private static void toggle(Set<Integer> members, int replica) {
    if (!members.remove(replica)) {
      members.add(replica);
    }
  }

  /** Whether one of those who stay can lead, whichever it is: it lacks nothing. */
  private boolean mayResign(Set<Integer> members) {
    return members.size() > 1
        && members.stream().allMatch(id -> id == self || followers.get(id).end >= localEnd);
  }

  private boolean mayJoin(int replica, Follower follower, BrokerEpochs brokers) {
    return follower.hasRoom
        && follower.end >= highWatermark
        && follower.end >= epochStartOffset
        && brokers.mayJoin(replica, follower.brokerEpoch);
  }

  /** Time passes: followers that were not caught up for too long leave the ISR. */
  List<Effect> onTick(BrokerEpochs brokers, long nowMs) {
    if (!wanted.equals(isr)) {
      return List.of();
    }
    Set<Integer> shrunk = new HashSet<>(isr);
    shrunk.removeIf(replica -> isLagging(replica, nowMs));
    List<Effect> effects = new ArrayList<>();
    if (shrunk.size() < isr.size()) {
      propose(shrunk, effects);
    } else {
      propose(effects, brokers);
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

  /**
   * Replicas or ISR changed within this leader epoch; what is older than what is known passes.
   *
   * @param brokers who may be in sync
   */
  List<Effect> onPartition(Leadership next, BrokerEpochs brokers, long nowMs) {
    if (next.partitionEpoch() <= partitionEpoch) {
      return List.of();
    }
    takeReplicas(next.replicas(), nowMs);
    List<Effect> effects = new ArrayList<>(onIsr(next.isr(), next.partitionEpoch()));
    propose(effects, brokers);
    return effects;
  }

  /** There is an ISR decided for the same leader epoch; older ones are passed over. */
  List<Effect> onIsr(List<Integer> decided, int epoch) {
    if (epoch <= partitionEpoch) {
      return List.of();
    }
    partitionEpoch = epoch;
    isr = Set.copyOf(decided);
    wanted = isr;
    return advance();
  }

  /**
   * The controller refused the proposal, and it was not carried out before either. A refusal that
   * leaves this open must not come here: what is wanted then counts until the image tells.
   *
   * @param epoch partition epoch of the proposal
   */
  List<Effect> onIsrRefused(int epoch) {
    if (epoch != partitionEpoch) {
      return List.of();
    }
    wanted = isr;
    return advance();
  }

  /** Whether that ISR is still wanted of the partition as it still is. */
  boolean isWanting(Effect.ProposeIsr proposal) {
    return partitionEpoch == proposal.partitionEpoch()
        && wanted.equals(proposal.isr())
        && !wanted.equals(isr);
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
