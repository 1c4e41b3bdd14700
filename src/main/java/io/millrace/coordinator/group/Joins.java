package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupState.Completing;
import io.millrace.coordinator.group.GroupState.Empty;
import io.millrace.coordinator.group.GroupState.Preparing;
import io.millrace.coordinator.group.GroupState.Stable;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.time.Clock;
import io.millrace.time.Timer;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * JoinGroup: new members, members that come back, static members in a new process (KIP-345), ids
 * that are given out first (KIP-394), groups that are full (KIP-389). Confined to: its shard.
 */
final class Joins {
  private static final int PREFIX_CHARS_MAX = 10_000;
  private static final short VERSION_ID_REQUIRED = 4;
  private static final short VERSION_SKIP_ASSIGNMENT = 9;

  private final Clock clock;
  private final ShardTimer<GroupRecord> timer;
  private final GroupSettings settings;
  private final Supplier<Uuid> ids;
  private final RecordLimit limit;
  private final Rebalances rebalances;
  private final GroupMemory.Share memory;
  private final Consumer<Group> emptied;

  /**
   * @param emptied is told of a group from which an id was taken that nobody used
   */
  Joins(
      Clock clock,
      ShardTimer<GroupRecord> timer,
      GroupSettings settings,
      Supplier<Uuid> ids,
      RecordLimit limit,
      Rebalances rebalances,
      GroupMemory.Share memory,
      Consumer<Group> emptied) {
    this.clock = clock;
    this.timer = timer;
    this.settings = settings;
    this.ids = ids;
    this.limit = limit;
    this.rebalances = rebalances;
    this.memory = memory;
    this.emptied = emptied;
  }

  /** One JoinGroup on its way through the step. */
  private record Join(
      Group group,
      boolean isNew,
      GroupCall call,
      JoinGroupRequestData request,
      List<Protocol> protocols,
      Reply<JoinGroupResponseData> reply,
      ShardResult.Builder<GroupRecord> step) {

    /** What the id of a new member begins with; the record of the group must be able to hold it. */
    String prefix() {
      String instanceId = request.groupInstanceId();
      String prefix = instanceId == null ? call.clientId() : instanceId;
      return prefix.substring(0, Math.min(prefix.length(), PREFIX_CHARS_MAX));
    }

    void refuse(String memberId, Errors error) {
      step.answer(reply, Joined.refused(memberId, error));
    }

    void refuse(Errors error) {
      refuse(request.memberId(), error);
    }

    String reason() {
      return RebalanceHistory.told(request.reason());
    }
  }

  /**
   * Takes a JoinGroup.
   *
   * @param isNew whether nothing is known of the group that would have to go on
   */
  void join(
      Group group,
      boolean isNew,
      GroupCall call,
      JoinGroupRequestData request,
      Reply<JoinGroupResponseData> reply,
      ShardResult.Builder<GroupRecord> step) {
    List<Protocol> protocols = Protocol.listOf(request.protocols());
    Join join = new Join(group, isNew, call, request, protocols, reply, step);
    if (!hasRoom(group, request.memberId())) {
      Member member = group.member(request.memberId());
      if (member != null) {
        rebalances.drop(group, member, step);
      }
      group.forgetPendingId(request.memberId());
      join.refuse("", Errors.GROUP_MAX_SIZE_REACHED);
    } else if (!group.accepts(request.protocolType(), protocols)) {
      join.refuse(Errors.INCONSISTENT_GROUP_PROTOCOL);
    } else if (request.memberId().isEmpty()) {
      joinNew(join);
    } else {
      joinKnown(join);
    }
    rebalances.beginIfComplete(group, step);
  }

  private boolean hasRoom(Group group, String memberId) {
    if (group.state() instanceof Empty) {
      return true;
    }
    if (group.state() instanceof Preparing) {
      Member member = group.member(memberId);
      return (member != null && member.isAwaitingJoin())
          || group.countAwaitingJoin() < settings.sizeMax();
    }
    return group.member(memberId) != null || group.members().size() < settings.sizeMax();
  }

  private void joinNew(Join join) {
    String instanceId = join.request.groupInstanceId();
    Uuid id = ids.get();
    String memberId =
        join.prefix() + "-" + new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    if (instanceId != null) {
      joinStatic(join, instanceId, memberId);
    } else if (join.call.version() >= VERSION_ID_REQUIRED) {
      requireId(join, memberId);
    } else {
      add(join, memberId);
    }
  }

  /** Gives out an id and waits for the join with it, so that retries leave no ghosts (KIP-394). */
  private void requireId(Join join, String memberId) {
    if (!hasMemory(join)) {
      return;
    }
    Group group = join.group;
    Timer.Handle forget =
        timer.schedule(join.request.sessionTimeoutMs(), () -> pendingExpired(group, memberId));
    group.addPendingId(memberId, forget);
    rebalances.arrived(group);
    join.refuse(memberId, Errors.MEMBER_ID_REQUIRED);
  }

  private ShardResult<GroupRecord> pendingExpired(Group group, String memberId) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    if (group.forgetPendingId(memberId)) {
      rebalances.beginIfComplete(group, step);
      emptied.accept(group);
    }
    return step.build();
  }

  private void joinStatic(Join join, String instanceId, String memberId) {
    String current = join.group.staticMemberId(instanceId);
    Member old = current == null ? null : join.group.member(current);
    if (old == null) {
      add(join, memberId);
    } else {
      replaceStatic(join, old, memberId);
    }
  }

  /** Whether there is memory for one more member; refuses it when there is none. */
  private boolean hasMemory(Join join) {
    boolean has = memory.hasRoom(Weights.joining(join.prefix(), join.protocols), join.isNew);
    if (!has) {
      join.refuse(Errors.POLICY_VIOLATION);
    }
    return has;
  }

  private void add(Join join, String memberId) {
    if (!hasMemory(join)) {
      return;
    }
    Group group = join.group;
    JoinGroupRequestData request = join.request;
    if (group.members().isEmpty()) {
      group.setProtocolType(request.protocolType());
    }
    Member member =
        new Member(
            memberId,
            request.groupInstanceId(),
            join.call.clientId(),
            join.call.host(),
            request.rebalanceTimeoutMs(),
            request.sessionTimeoutMs(),
            join.protocols);
    member.connectedTo(join.call.node());
    member.awaitJoin(join.reply);
    group.add(member);
    rebalances.sessions().heard(group, member);
    rebalances.arrived(group);
    rebalances.prepareOrBegin(group, "member " + memberId + " joined" + join.reason(), join.step);
  }

  private void replaceStatic(Join join, Member old, String memberId) {
    Group group = join.group;
    // The reply of the old process says that it was replaced; whoever still reads it stops.
    Reply<JoinGroupResponseData> oldJoin = old.takeJoin();
    if (oldJoin != null) {
      join.step.answer(oldJoin, Joined.refused(old.id(), Errors.FENCED_INSTANCE_ID));
    }
    Rebalances.refuseSync(old, Errors.FENCED_INSTANCE_ID, join.step);
    rebalances.sessions().end(old);
    String leaderBefore = group.leader();
    boolean owes =
        group.usesConsumerProtocol()
            && ConsumerMetadata.hasToGiveUp(old.metadata(group.protocol()), old.assignment());
    Member member =
        group.replace(old, old.replacedBy(memberId, join.call.clientId(), join.call.host()));
    update(join, member);
    String cause = "static member " + join.request.groupInstanceId() + " came back as " + memberId;
    if (group.state() instanceof Stable stable) {
      stable.syncs().settled(old.id());
      if (owes) {
        // Its new process does not know of them, and would never join again to give them up.
        rebalances.prepare(group, cause + " with partitions to give up" + join.reason(), join.step);
      } else if (!group.electProtocol().equals(group.protocol())) {
        rebalances.prepare(group, cause + " with other protocols" + join.reason(), join.step);
      } else {
        keepGeneration(join, member, leaderBefore, cause);
      }
    } else if (group.state() instanceof Completing) {
      // The leader may be assigning to the old id already.
      rebalances.prepare(group, cause + join.reason(), join.step);
    }
  }

  /** The new process takes over the assignment without a rebalance; its id is stored. */
  private void keepGeneration(
      Join join, Member member, @Nullable String leaderBefore, String cause) {
    Group group = join.group;
    GroupStored stored =
        new GroupStored(group.id(), group.snapshot(Member::assignment, clock.wallMs()));
    if (!limit.holds(stored)) {
      rebalances.prepare(group, cause + " with more than can be stored", join.step);
      return;
    }
    member.takeJoin();
    member.hasGeneration();
    rebalances.sessions().heard(group, member);
    join.step.append(stored);
    JoinGroupResponseData answer;
    if (join.call.version() >= VERSION_SKIP_ASSIGNMENT) {
      // KIP-814: the leader knows its members again, and need not assign.
      answer = Joined.to(group, member).setSkipAssignment(group.isLeader(member.id()));
    } else {
      // An older client would assign anew as the leader, so it hears the old leader's id.
      answer = Joined.follower(group, member).setLeader(leaderBefore == null ? "" : leaderBefore);
    }
    join.step.answer(join.reply, answer);
  }

  private void joinKnown(Join join) {
    Group group = join.group;
    String memberId = join.request.memberId();
    if (group.isPendingId(memberId)) {
      if (join.request.groupInstanceId() != null) {
        join.refuse(Errors.UNKNOWN_MEMBER_ID);
      } else {
        add(join, memberId);
      }
      return;
    }
    Errors error = group.check(memberId, join.request.groupInstanceId());
    Member member = group.member(memberId);
    if (error != Errors.NONE || member == null) {
      join.refuse(error);
    } else {
      rejoin(join, member);
    }
  }

  private void rejoin(Join join, Member member) {
    Group group = join.group;
    String who = "member " + member.id();
    if (group.state() instanceof Preparing) {
      update(join, member);
    } else if (group.state() instanceof Completing) {
      if (member.supportsSame(join.protocols)) {
        // It may not have got the answer of this generation.
        join.step.answer(join.reply, Joined.to(group, member));
      } else {
        update(join, member);
        rebalances.prepare(group, who + " changed its subscription" + join.reason(), join.step);
      }
    } else if (group.state() instanceof Stable) {
      rejoinStable(join, member, who);
    } else {
      join.refuse(Errors.UNKNOWN_MEMBER_ID);
    }
  }

  private void rejoinStable(Join join, Member member, String who) {
    Group group = join.group;
    if (group.isLeader(member.id())) {
      // So that a leader can ask for a new assignment when topics change.
      update(join, member);
      rebalances.prepare(
          group, "leader " + member.id() + " joined again" + join.reason(), join.step);
    } else if (!member.supportsSame(join.protocols)) {
      update(join, member);
      rebalances.prepare(group, who + " changed its subscription" + join.reason(), join.step);
    } else {
      // It may have lost the answers of this generation with the coordinator that gave them.
      learn(join, member);
      join.step.answer(join.reply, Joined.follower(group, member));
    }
  }

  private static void learn(Join join, Member member) {
    JoinGroupRequestData request = join.request;
    member.connectedTo(join.call.node());
    join.group.update(
        member, join.protocols, request.rebalanceTimeoutMs(), request.sessionTimeoutMs());
  }

  private void update(Join join, Member member) {
    Reply<JoinGroupResponseData> before = member.takeJoin();
    if (before != null) {
      // The same member asks twice: the first answer must leave, or its connection stands still.
      join.step.answer(before, Joined.refused(member.id(), Errors.REBALANCE_IN_PROGRESS));
    }
    learn(join, member);
    member.awaitJoin(join.reply);
    rebalances.sessions().heard(join.group, member);
  }
}
