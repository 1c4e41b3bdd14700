package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupState.Completing;
import io.millrace.coordinator.group.GroupState.Empty;
import io.millrace.coordinator.group.GroupState.Preparing;
import io.millrace.coordinator.group.GroupState.Stable;
import io.millrace.coordinator.group.GroupState.Syncs;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.time.Clock;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * The transitions between generations: when one is prepared, when it begins, who is dropped from
 * it.
 *
 * <p>An empty group that gets its first member waits only while members keep arriving: a window
 * after each arrival, up to {@code group.initial.rebalance.delay.ms} in all. Otherwise a generation
 * begins when all members have joined, or after the longest of their rebalance timeouts without
 * those that have not. Confined to: its shard.
 */
final class Rebalances {
  private final Clock clock;
  private final ShardTimer<GroupRecord> timer;
  private final GroupSettings settings;
  private final GroupViews views;
  private final Sessions sessions;

  Rebalances(Clock clock, ShardTimer<GroupRecord> timer, GroupSettings settings, GroupViews views) {
    this.clock = clock;
    this.timer = timer;
    this.settings = settings;
    this.views = views;
    this.sessions = new Sessions(clock, timer, settings.newMemberJoinMaxMs(), this::sessionExpired);
  }

  Sessions sessions() {
    return sessions;
  }

  /** Prepares the next generation if the state allows it; else looks whether it can begin. */
  void prepareOrBegin(Group group, String cause, ShardResult.Builder<GroupRecord> step) {
    if (group.state() instanceof Preparing) {
      beginIfComplete(group, step);
    } else {
      prepare(group, cause, step);
    }
  }

  /** From Empty, Completing or Stable to Preparing. */
  void prepare(Group group, String cause, ShardResult.Builder<GroupRecord> step) {
    boolean initial = group.state() instanceof Empty;
    if (group.state() instanceof Completing completing) {
      completing.syncs().stop();
      group.members().forEach(m -> refuseSync(m, Errors.REBALANCE_IN_PROGRESS, step));
    } else if (group.state() instanceof Stable stable) {
      stable.syncs().stop();
    }
    group.history().begin(cause, clock.wallMs(), clock.monotonicMs());
    int waitMaxMs = initial ? settings.initialDelayMaxMs() : group.rebalanceTimeoutMs();
    Preparing preparing = new Preparing(initial, clock.monotonicMs() + waitMaxMs);
    group.become(preparing);
    if (initial) {
      arrived(group);
      lookAgain(group, preparing);
    } else {
      preparing.timer = timer.schedule(waitMaxMs, () -> joinsExpired(group, preparing));
      beginIfComplete(group, step);
    }
    views.publish(GroupView.of(group));
  }

  /** Another member is coming: an initial wait goes on for a window. */
  void arrived(Group group) {
    if (group.state() instanceof Preparing preparing && preparing.initial) {
      preparing.quietMs =
          Math.min(clock.monotonicMs() + settings.joinWindowMs(), preparing.limitMs);
    }
  }

  private void lookAgain(Group group, Preparing preparing) {
    long delayMs = Math.max(0, preparing.quietMs - clock.monotonicMs());
    preparing.timer = timer.schedule(delayMs, () -> lookedForArrivals(group, preparing));
  }

  private ShardResult<GroupRecord> lookedForArrivals(Group group, Preparing preparing) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    if (group.state() != preparing) {
      return step.build();
    }
    long nowMs = clock.monotonicMs();
    if (nowMs < preparing.limitMs && group.hasPendingIds()) {
      // Its id is given out, so its JoinGroup is on the way.
      preparing.quietMs = Math.min(nowMs + settings.joinWindowMs(), preparing.limitMs);
    }
    if (nowMs < preparing.quietMs) {
      lookAgain(group, preparing);
    } else {
      begin(group, preparing, step);
    }
    return step.build();
  }

  private ShardResult<GroupRecord> joinsExpired(Group group, Preparing preparing) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    if (group.state() == preparing) {
      begin(group, preparing, step);
    }
    return step.build();
  }

  /** Begins the generation when nobody is waited for any more. */
  void beginIfComplete(Group group, ShardResult.Builder<GroupRecord> step) {
    if (group.state() instanceof Preparing preparing
        && group.hasEveryoneJoined()
        && (!preparing.initial || group.members().isEmpty())) {
      begin(group, preparing, step);
    }
  }

  private void begin(Group group, Preparing preparing, ShardResult.Builder<GroupRecord> step) {
    if (preparing.timer != null) {
      preparing.timer.cancel();
    }
    for (Member member : List.copyOf(group.members())) {
      // A static member keeps its place until its session ends (KIP-345).
      if (!member.isAwaitingJoin() && !member.isStatic()) {
        drop(group, member, step);
      }
    }
    if (group.members().isEmpty()) {
      step.append(new GroupStored(group.id(), group.emptied(clock.wallMs())));
    } else if (group.electLeader()) {
      beginWithMembers(group, step);
    } else {
      // Only static members, and none of them back yet: wait on, sessions decide.
      preparing.timer =
          timer.schedule(group.rebalanceTimeoutMs(), () -> joinsExpired(group, preparing));
    }
  }

  private void beginWithMembers(Group group, ShardResult.Builder<GroupRecord> step) {
    Syncs syncs = group.beginGeneration();
    int generation = group.generation();
    syncs.timer =
        timer.schedule(group.rebalanceTimeoutMs(), () -> syncsExpired(group, syncs, generation));
    for (Member member : group.members()) {
      member.hasGeneration();
      Reply<JoinGroupResponseData> reply = member.takeJoin();
      if (reply != null) {
        step.answer(reply, Joined.to(group, member));
      }
      sessions.heard(group, member);
    }
    views.publish(GroupView.of(group));
  }

  /** Those that took their generation and never asked for their assignment are dropped. */
  private ShardResult<GroupRecord> syncsExpired(Group group, Syncs syncs, int generation) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    boolean current =
        (group.state() instanceof Completing c && c.syncs() == syncs)
            || (group.state() instanceof Stable s && s.syncs() == syncs);
    if (!current || group.generation() != generation || syncs.missing().isEmpty()) {
      return step.build();
    }
    List<String> missing = List.copyOf(syncs.missing());
    for (String memberId : missing) {
      Member member = group.member(memberId);
      if (member != null) {
        drop(group, member, step);
      }
    }
    prepare(group, "members " + missing + " did not ask for their assignment", step);
    return step.build();
  }

  /** The leader's assignment was stored, or an emptied group: called by replay. */
  void stored(Group group) {
    group.history().end(group.generation(), group.members().size(), clock.monotonicMs());
    views.publish(GroupView.of(group));
  }

  private void sessionExpired(Group group, Member member, ShardResult.Builder<GroupRecord> step) {
    String cause =
        "member "
            + member.id()
            + " was not heard of for "
            + (member.isFresh() ? settings.newMemberJoinMaxMs() : member.sessionTimeoutMs())
            + " ms";
    memberGone(group, member, cause, step);
  }

  /** Takes a member out and rebalances what is left. */
  void memberGone(Group group, Member member, String cause, ShardResult.Builder<GroupRecord> step) {
    drop(group, member, step);
    afterDeparture(group, cause, step);
  }

  /** After members, or ids given out, are gone. */
  void afterDeparture(Group group, String cause, ShardResult.Builder<GroupRecord> step) {
    if (group.state() instanceof Stable || group.state() instanceof Completing) {
      prepare(group, cause, step);
    } else {
      beginIfComplete(group, step);
    }
  }

  /** Takes a member out of the group and answers what it waits for. */
  void drop(Group group, Member member, ShardResult.Builder<GroupRecord> step) {
    sessions.end(member);
    Reply<JoinGroupResponseData> join = member.takeJoin();
    if (join != null) {
      // Not FENCED: if the client is still there, it asks for a new id and joins again.
      step.answer(join, Joined.refused("", Errors.UNKNOWN_MEMBER_ID));
    }
    refuseSync(member, Errors.UNKNOWN_MEMBER_ID, step);
    group.remove(member.id());
    if (group.state() instanceof Completing completing) {
      completing.syncs().settled(member.id());
    } else if (group.state() instanceof Stable stable) {
      stable.syncs().settled(member.id());
    }
  }

  static void refuseSync(Member member, Errors error, ShardResult.Builder<GroupRecord> step) {
    Reply<SyncGroupResponseData> sync = member.takeSync();
    if (sync != null) {
      step.answer(sync, new SyncGroupResponseData().setErrorCode(error.code()));
    }
  }
}
