package io.millrace.push.member;

import io.millrace.model.TopicPartition;
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
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.Errors;

/** Where a member stands in its group, and the moves from there. Confined to: its member. */
final class Standing {
  private static final int RETRY_MS = 100;

  private final MemberOptions options;
  final Outbox out = new Outbox();
  final Membership membership;
  final Holdings holdings = new Holdings();
  final Assignors assignors;
  final Heartbeats heartbeats;
  final Acks acks;
  final Starts starts;
  private Phase phase = new BackingOff(Long.MIN_VALUE);
  private boolean held;

  /** What it said to have when it joined. */
  private Set<TopicPartition> claimed = Set.of();

  Standing(MemberOptions options, ToIntFunction<String> partitionCounts) {
    this.options = options;
    this.membership = new Membership(options);
    this.assignors = new Assignors(partitionCounts);
    this.heartbeats = new Heartbeats(options.times(), membership, out);
    this.acks = new Acks(holdings, membership, out);
    this.starts = new Starts(holdings, membership, out);
  }

  Phase phase() {
    return phase;
  }

  /** The coordinator does not know it: joins anew under another id. */
  void startAnew(long nowMs) {
    membership.forgetId();
    lose();
    phase = new BackingOff(nowMs + RETRY_MS);
  }

  /** Asks to join, the first time or again. */
  void join(String reason, long nowMs) {
    long waitMs = (long) options.times().rebalanceMs() + options.times().sessionMs();
    PendingCall call = new PendingCall(out.nextCall(), nowMs, nowMs + waitMs);
    phase = new Joining(call);
    starts.forget();
    claimed = holdings.partitions();
    var protocols = assignors.protocols(options.topics(), claimed, holdings.generation());
    out.add(new Join(call.number(), membership.join(protocols, reason)));
  }

  /** A generation begins: shares out when it leads, and asks for its assignment. */
  void beginGeneration(JoinGroupResponseData answer, long nowMs) {
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

  /** Takes its assignment, and stops or gives up what is not in it. */
  void assigned(byte[] assignment, long nowMs) {
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
  void yieldPartitions(Set<TopicPartition> partitions, String reason, long nowMs) {
    holdings.yield(partitions);
    int withinMs = holdings.isYieldingSettled() ? 0 : options.times().yieldMs();
    if (!partitions.isEmpty()) {
      out.add(new Revoked(partitions, withinMs));
    }
    phase = new Yielding(nowMs + withinMs, reason);
  }

  /** What was asked as a member was refused. */
  void memberRefused(Errors error, long nowMs) {
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
  void rebalance(String reason, long nowMs) {
    if (!(phase instanceof Stable)) {
      return;
    }
    if (holdings.isEmpty() || Assignors.isCooperative(membership.protocol())) {
      join(reason, nowMs);
    } else {
      yieldPartitions(holdings.partitions(), reason, nowMs);
    }
  }

  /** Joining was refused: for a while, or for good. */
  void refused(Errors error, long nowMs) {
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

  /** Says that it leaves; with a place that is kept, later. */
  void leave(String reason, boolean keepsPlace) {
    if (membership.hasId()) {
      int afterMs = keepsPlace && options.instance() != null ? options.times().graceMs() : 0;
      out.add(new Leave(afterMs, membership.leave(reason)));
    }
  }

  /** Is no member from now on. */
  void end(Ending ending, Errors error) {
    if (!(phase instanceof Over)) {
      phase = new Over();
      acks.dropped(holdings.partitions());
      holdings.drop(holdings.partitions());
      out.add(Endings.of(ending, error, options));
    }
  }

  /** Has nothing any more, from one moment to the next. */
  void lose() {
    lose(holdings.partitions());
  }

  void lose(Set<TopicPartition> partitions) {
    if (!partitions.isEmpty()) {
      drop(partitions);
      out.add(new Revoked(partitions, 0));
    }
  }

  void drop(Set<TopicPartition> partitions) {
    holdings.drop(partitions);
    acks.dropped(partitions);
  }

  boolean isInGeneration() {
    return phase instanceof Stable || phase instanceof Yielding;
  }

  /** What follows from where the member stands now. */
  List<MemberEffect> settled(long nowMs) {
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

  void settleHold(long nowMs) {
    boolean hold = !mayDeliver(nowMs) && !holdings.isEmpty();
    if (hold != held && !(phase instanceof Over)) {
      held = hold;
      out.add(hold ? new Hold() : new Release());
    }
  }

  /** Whether anything may be delivered at this time. */
  boolean mayDeliver(long nowMs) {
    return isInGeneration() && !heartbeats.isLeaseOver(nowMs);
  }

  /** Monotonic time in ms of the next tick that is worth it. */
  long nextTickMs() {
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
