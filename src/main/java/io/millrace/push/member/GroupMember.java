package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import io.millrace.push.member.Holdings.Holding;
import io.millrace.push.member.MemberEffect.Assigned;
import io.millrace.push.member.MemberEffect.Ending;
import io.millrace.push.member.MemberEffect.Hold;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Leave;
import io.millrace.push.member.MemberEffect.Release;
import io.millrace.push.member.MemberEffect.Revoked;
import io.millrace.push.member.MemberEffect.Sync;
import io.millrace.push.member.Phase.BackingOff;
import io.millrace.push.member.Phase.Joining;
import io.millrace.push.member.Phase.Over;
import io.millrace.push.member.Phase.Stable;
import io.millrace.push.member.Phase.Syncing;
import io.millrace.push.member.Phase.Yielding;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A browser's membership in a group: joins, learns what it may deliver, keeps its session, gives up
 * what others are to have, commits what its page acknowledges, leaves.
 *
 * <p>It offers assignors that let members keep their partitions while they join again, and such
 * that do not, and learns only from the answer which one holds. So it delivers nothing from its
 * JoinGroup on until its assignment is there, and then goes on where it was with what it still has,
 * provided that no generation lies between.
 *
 * <p>Each method is one step and gives what is to be done. Times are monotonic, in ms. Confined to:
 * the loop of its socket.
 */
public final class GroupMember {
  private static final int RETRY_MS = 100;

  private final MemberOptions options;
  private final Outbox out = new Outbox();
  private final Membership membership;
  private final Holdings holdings = new Holdings();
  private final Assignors assignors;
  private final Heartbeats heartbeats;
  private final Acks acks;
  private final Starts starts;
  private Phase phase = new BackingOff(Long.MIN_VALUE);
  private boolean held;

  /** What it said to have when it joined. */
  private Set<TopicPartition> claimed = Set.of();

  /**
   * @param partitionCounts number of partitions of a topic now; 0 when there is no such topic
   */
  public GroupMember(MemberOptions options, ToIntFunction<String> partitionCounts) {
    this.options = options;
    this.membership = new Membership(options);
    this.assignors = new Assignors(partitionCounts);
    this.heartbeats = new Heartbeats(options.times(), membership, out);
    this.acks = new Acks(holdings, membership, out);
    this.starts = new Starts(holdings, membership, out);
  }

  /** Joins the group. */
  public List<MemberEffect> start(long nowMs) {
    join("", nowMs);
    return settled(nowMs);
  }

  private void join(String reason, long nowMs) {
    long waitMs = (long) options.times().rebalanceMs() + options.times().sessionMs();
    PendingCall call = new PendingCall(out.nextCall(), nowMs, nowMs + waitMs);
    phase = new Joining(call);
    starts.forget();
    claimed = holdings.partitions();
    var protocols = assignors.protocols(options.topics(), claimed, holdings.generation());
    out.add(new Join(call.number(), membership.join(protocols, reason)));
  }

  /** Takes an answer of JoinGroup. */
  public List<MemberEffect> joined(int call, JoinGroupResponseData answer, long nowMs) {
    Errors error = Errors.forCode(answer.errorCode());
    if (phase instanceof Over) {
      joinedTooLate(error, answer);
    } else if (phase instanceof Joining joining && joining.call().number() == call) {
      joined(error, answer, nowMs);
    }
    return settled(nowMs);
  }

  private void joinedTooLate(Errors error, JoinGroupResponseData answer) {
    if (error == Errors.NONE && !membership.hasId()) {
      membership.joined(answer);
      leave("closed before it had joined", true);
    }
  }

  private void joined(Errors error, JoinGroupResponseData answer, long nowMs) {
    switch (error) {
      case NONE -> beginGeneration(answer, nowMs);
      case MEMBER_ID_REQUIRED -> {
        membership.giveId(answer.memberId());
        join("", nowMs);
      }
      case UNKNOWN_MEMBER_ID -> {
        membership.forgetId();
        lose();
        phase = new BackingOff(nowMs + RETRY_MS);
      }
      default -> refused(error, nowMs);
    }
  }

  private void beginGeneration(JoinGroupResponseData answer, long nowMs) {
    membership.joined(answer);
    if (!holdings.survive(answer.generationId())) {
      lose();
    }
    List<SyncGroupRequestAssignment> shares = List.of();
    try {
      if (membership.leads() && answer.skipAssignment()) {
        assignors.learnTopics(answer);
      } else if (membership.leads()) {
        shares = assignors.shareOut(answer);
      }
    } catch (RuntimeException unreadable) {
      // Whatever bytes another client put there: somebody else may be able to lead.
      leave("could not read the subscriptions of the other members", false);
      end(Ending.REFUSED, Errors.INCONSISTENT_GROUP_PROTOCOL);
      return;
    }
    long waitMs = (long) options.times().rebalanceMs() + options.times().sessionMs();
    PendingCall call = new PendingCall(out.nextCall(), nowMs, nowMs + waitMs);
    phase = new Syncing(call);
    out.add(new Sync(call.number(), membership.sync(shares)));
  }

  /** Takes an answer of SyncGroup. */
  public List<MemberEffect> synced(int call, SyncGroupResponseData answer, long nowMs) {
    if (!(phase instanceof Syncing syncing) || syncing.call().number() != call) {
      return settled(nowMs);
    }
    Errors error = Errors.forCode(answer.errorCode());
    switch (error) {
      case NONE -> {
        heartbeats.accepted(syncing.call().sentAtMs());
        assigned(answer.assignment(), nowMs);
      }
      case REBALANCE_IN_PROGRESS -> join("", nowMs);
      case ILLEGAL_GENERATION -> {
        lose();
        join("", nowMs);
      }
      case UNKNOWN_MEMBER_ID -> {
        membership.forgetId();
        lose();
        phase = new BackingOff(nowMs + RETRY_MS);
      }
      default -> refused(error, nowMs);
    }
    return settled(nowMs);
  }

  private void assigned(byte[] assignment, long nowMs) {
    Set<TopicPartition> now;
    try {
      now = assignors.assigned(membership.protocol(), assignment, membership.metadata());
    } catch (RuntimeException unreadable) {
      leave("could not read its assignment", false);
      end(Ending.REFUSED, Errors.INCONSISTENT_GROUP_PROTOCOL);
      return;
    }
    holdings.ofGeneration(membership.generation());
    heartbeats.restart(nowMs);
    Set<TopicPartition> lost = holdings.partitions();
    lost.removeAll(now);
    Set<TopicPartition> added = new LinkedHashSet<>(now);
    added.removeAll(holdings.partitions());
    phase = new Stable();
    boolean mayYield = Assignors.isCooperative(membership.protocol());
    if (mayYield && !now.containsAll(claimed)) {
      // Nobody gets the rest before this member has joined again without it.
      yieldPartitions(lost, "gave up partitions that others are to have", nowMs);
    } else {
      lose(lost);
    }
    added.forEach(holdings::add);
    out.add(new Assigned(added, membership.generation()));
  }

  /** Stops delivering partitions, and waits for the page when it has records of them. */
  private void yieldPartitions(Set<TopicPartition> partitions, String reason, long nowMs) {
    holdings.yield(partitions);
    int withinMs = holdings.isYieldingSettled() ? 0 : options.times().yieldMs();
    if (!partitions.isEmpty()) {
      out.add(new Revoked(partitions, withinMs));
    }
    phase = new Yielding(nowMs + withinMs, reason);
  }

  /** Takes an answer of Heartbeat. */
  public List<MemberEffect> heartbeatAnswered(int call, HeartbeatResponseData answer, long nowMs) {
    long sentAtMs = heartbeats.answered(call);
    if (sentAtMs < 0 || !isInGeneration()) {
      return settled(nowMs);
    }
    Errors error = Errors.forCode(answer.errorCode());
    switch (error) {
      case NONE -> heartbeats.accepted(sentAtMs);
      case REBALANCE_IN_PROGRESS -> {
        heartbeats.accepted(sentAtMs);
        rebalance("", nowMs);
      }
      default -> memberRefused(error, nowMs);
    }
    return settled(nowMs);
  }

  private void memberRefused(Errors error, long nowMs) {
    switch (error) {
      case ILLEGAL_GENERATION -> {
        lose();
        join("", nowMs);
      }
      case UNKNOWN_MEMBER_ID -> end(Ending.FENCED, error);
      case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
          heartbeats.retry(nowMs);
      default -> refused(error, nowMs);
    }
  }

  /** The group rebalances: join again, with what may be kept and without the rest. */
  private void rebalance(String reason, long nowMs) {
    if (!(phase instanceof Stable)) {
      return;
    }
    if (holdings.isEmpty() || Assignors.isCooperative(membership.protocol())) {
      join(reason, nowMs);
    } else {
      yieldPartitions(holdings.partitions(), reason, nowMs);
    }
  }

  private void refused(Errors error, long nowMs) {
    switch (error) {
      case COORDINATOR_LOAD_IN_PROGRESS,
          COORDINATOR_NOT_AVAILABLE,
          NOT_COORDINATOR,
          REBALANCE_IN_PROGRESS,
          UNKNOWN_SERVER_ERROR ->
          phase = new BackingOff(nowMs + RETRY_MS);
      case FENCED_INSTANCE_ID -> end(Ending.REPLACED, error);
      default -> end(Ending.REFUSED, error);
    }
  }

  /** Takes an answer of OffsetFetch. */
  public List<MemberEffect> fetched(int call, OffsetFetchResponseData answer, long nowMs) {
    starts.answered(call, answer, nowMs);
    return settled(nowMs);
  }

  /**
   * A partition without a committed offset begins here; that is committed, so that records which
   * nobody acknowledges are delivered again and not passed over.
   */
  public List<MemberEffect> began(
      TopicPartition partition, long offset, int leaderEpoch, long nowMs) {
    Holding holding = holdings.get(partition);
    if (holding != null && holding.begun && holding.start < 0) {
      holding.start = offset;
      acks.keepStart(partition, offset, leaderEpoch);
    }
    return settled(nowMs);
  }

  /** Records went to the page: the offset behind the last, and its leader epoch. */
  public void delivered(TopicPartition partition, long nextOffset, int leaderEpoch) {
    Holding holding = holdings.get(partition);
    if (holding != null) {
      holding.delivered = nextOffset;
      holding.deliveredEpoch = leaderEpoch;
    }
  }

  /**
   * The page has consumed all records before these offsets.
   *
   * @param ack number under which the outcome is told
   */
  public List<MemberEffect> acknowledge(long ack, Map<TopicPartition, Long> to, long nowMs) {
    acks.acknowledge(ack, to, nowMs);
    return settled(nowMs);
  }

  /** Takes an answer of OffsetCommit. */
  public List<MemberEffect> committed(int call, OffsetCommitResponseData answer, long nowMs) {
    long sentAtMs = acks.sentAtMs(call);
    if (sentAtMs >= 0 && !(phase instanceof Over)) {
      Errors whole = acks.answered(answer, nowMs);
      if (whole == Errors.NONE) {
        return settled(nowMs);
      }
      if (isInGeneration()) {
        memberRefused(whole, nowMs);
      }
    }
    return settled(nowMs);
  }

  /** The group has changed somehow: ask at once what it means for this member. */
  public List<MemberEffect> wake(long nowMs) {
    if (isInGeneration()) {
      heartbeats.hurry(nowMs);
    }
    return settled(nowMs);
  }

  /** Topics have changed: as the leader, share out again. */
  public List<MemberEffect> imageChanged(long nowMs) {
    if (phase instanceof Stable && membership.leads() && assignors.areTopicsChanged()) {
      rebalance("the partitions of its topics have changed", nowMs);
    }
    return settled(nowMs);
  }

  /** Time has passed. */
  public List<MemberEffect> tick(long nowMs) {
    if (phase instanceof BackingOff waiting && nowMs >= waiting.untilMs()) {
      join("", nowMs);
    } else if (phase instanceof Joining joining && nowMs >= joining.call().deadlineMs()
        || phase instanceof Syncing syncing && nowMs >= syncing.call().deadlineMs()) {
      join("", nowMs);
    }
    acks.tick(nowMs);
    starts.tick(nowMs);
    return settled(nowMs);
  }

  /**
   * The page is gone, or wants no more.
   *
   * @param reason why, in words, for those who look at the group
   * @param keepsPlace whether a page with an instance may come back to its place
   */
  public List<MemberEffect> close(String reason, boolean keepsPlace, long nowMs) {
    if (!(phase instanceof Over)) {
      if (isInGeneration()) {
        acks.sendLast(nowMs);
      }
      leave(reason, keepsPlace);
      end(Ending.LEFT, Errors.NONE);
    }
    return settled(nowMs);
  }

  /** A newer socket of the same instance takes the place, here or on another broker. */
  public List<MemberEffect> replaced(long nowMs) {
    end(Ending.REPLACED, Errors.FENCED_INSTANCE_ID);
    return settled(nowMs);
  }

  private void leave(String reason, boolean keepsPlace) {
    if (membership.hasId()) {
      int afterMs = keepsPlace && options.instance() != null ? options.times().graceMs() : 0;
      out.add(new Leave(afterMs, membership.leave(reason)));
    }
  }

  private void end(Ending ending, Errors error) {
    if (!(phase instanceof Over)) {
      phase = new Over();
      acks.dropped(holdings.partitions());
      holdings.drop(holdings.partitions());
      out.add(Endings.of(ending, error, options));
    }
  }

  private void lose() {
    lose(holdings.partitions());
  }

  private void lose(Set<TopicPartition> partitions) {
    if (!partitions.isEmpty()) {
      drop(partitions);
      out.add(new Revoked(partitions, 0));
    }
  }

  private void drop(Set<TopicPartition> partitions) {
    holdings.drop(partitions);
    acks.dropped(partitions);
  }

  private boolean isInGeneration() {
    return phase instanceof Stable || phase instanceof Yielding;
  }

  /** What follows from where the member stands now. */
  private List<MemberEffect> settled(long nowMs) {
    if (isInGeneration()) {
      acks.send(nowMs);
    }
    if (phase instanceof Yielding yielding
        && (nowMs >= yielding.deadlineMs() || holdings.isYieldingSettled())) {
      drop(holdings.yielding());
      join(yielding.reason(), nowMs);
    }
    if (isInGeneration()) {
      heartbeats.send(nowMs);
      starts.send(nowMs);
    }
    settleHold(nowMs);
    return out.take();
  }

  private void settleHold(long nowMs) {
    boolean hold = !mayDeliver(nowMs) && !holdings.isEmpty();
    if (hold != held && !(phase instanceof Over)) {
      held = hold;
      out.add(hold ? new Hold() : new Release());
    }
  }

  /** Whether anything may be delivered at this time. */
  public boolean mayDeliver(long nowMs) {
    return isInGeneration() && !heartbeats.isLeaseOver(nowMs);
  }

  /** Monotonic time in ms of the next tick that is worth it. */
  public long nextTickMs() {
    if (phase instanceof Over) {
      return Long.MAX_VALUE;
    }
    if (phase instanceof BackingOff waiting) {
      return waiting.untilMs();
    }
    if (phase instanceof Joining joining) {
      return joining.call().deadlineMs();
    }
    if (phase instanceof Syncing syncing) {
      return syncing.call().deadlineMs();
    }
    long next = Math.min(heartbeats.nextTickMs(), Math.min(acks.nextTickMs(), starts.nextTickMs()));
    next = held ? next : Math.min(next, heartbeats.leaseEndsMs());
    return phase instanceof Yielding yielding ? Math.min(next, yielding.deadlineMs()) : next;
  }

  @Override
  public String toString() {
    return options.group()
        + " generation "
        + membership.generation()
        + ", "
        + phase
        + ", "
        + holdings.partitions();
  }
}
