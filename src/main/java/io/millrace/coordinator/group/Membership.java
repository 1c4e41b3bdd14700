package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupState.Completing;
import io.millrace.coordinator.group.GroupState.Dead;
import io.millrace.coordinator.group.GroupState.Empty;
import io.millrace.coordinator.group.GroupState.Preparing;
import io.millrace.coordinator.group.GroupState.Stable;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What members do between their joins: SyncGroup, Heartbeat, LeaveGroup. Confined to: its shard.
 */
final class Membership {
  private final Clock clock;
  private final RecordLimit limit;
  private final Rebalances rebalances;

  Membership(Clock clock, RecordLimit limit, Rebalances rebalances) {
    this.clock = clock;
    this.limit = limit;
    this.rebalances = rebalances;
  }

  /** SyncGroup; the leader's brings the assignment of the generation. */
  void sync(
      Group group,
      SyncGroupRequestData request,
      Reply<SyncGroupResponseData> reply,
      ShardResult.Builder<GroupRecord> step) {
    Errors error = checkSync(group, request);
    Member member = group.member(request.memberId());
    if (error != Errors.NONE || member == null) {
      step.answer(reply, new SyncGroupResponseData().setErrorCode(error.code()));
    } else if (group.state() instanceof Completing completing) {
      waitForAssignment(member, reply, step);
      completing.syncs().settled(member.id());
      if (group.isLeader(member.id())) {
        assign(group, request, step);
      }
    } else if (group.state() instanceof Stable stable) {
      stable.syncs().settled(member.id());
      rebalances.sessions().heard(group, member);
      step.answer(reply, synced(group, member.assignment()));
    }
  }

  private static Errors checkSync(Group group, SyncGroupRequestData request) {
    Errors error = group.check(request.memberId(), request.groupInstanceId());
    if (error != Errors.NONE) {
      return error;
    }
    if (request.generationId() != group.generation()) {
      return Errors.ILLEGAL_GENERATION;
    }
    if (differs(request.protocolType(), group.protocolType())
        || differs(request.protocolName(), group.protocol())) {
      return Errors.INCONSISTENT_GROUP_PROTOCOL;
    }
    return group.state() instanceof Preparing ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  /** Whether the client named one (KIP-559) and it is another. */
  private static boolean differs(@Nullable String named, @Nullable String actual) {
    return named != null && !named.equals(actual);
  }

  private static void waitForAssignment(
      Member member, Reply<SyncGroupResponseData> reply, ShardResult.Builder<GroupRecord> step) {
    Rebalances.refuseSync(member, Errors.REBALANCE_IN_PROGRESS, step);
    member.awaitSync(reply);
  }

  private void assign(
      Group group, SyncGroupRequestData request, ShardResult.Builder<GroupRecord> step) {
    Map<String, byte[]> assigned = new HashMap<>();
    for (SyncGroupRequestAssignment assignment : request.assignments()) {
      assigned.put(assignment.memberId(), assignment.assignment());
    }
    // The leader may leave members out; they get nothing.
    GroupStored stored =
        new GroupStored(
            group.id(),
            group.snapshot(m -> assigned.getOrDefault(m.id(), Member.NOTHING), clock.wallMs()));
    if (!limit.holds(stored)) {
      group.members().forEach(m -> Rebalances.refuseSync(m, Errors.UNKNOWN_SERVER_ERROR, step));
      rebalances.prepare(
          group, "the assignment of generation " + group.generation() + " is too large", step);
      return;
    }
    step.append(stored);
    for (Member member : group.members()) {
      Reply<SyncGroupResponseData> waiting = member.takeSync();
      if (waiting != null) {
        step.answer(waiting, synced(group, assigned.getOrDefault(member.id(), Member.NOTHING)));
        rebalances.sessions().heard(group, member);
      }
    }
  }

  private static SyncGroupResponseData synced(Group group, byte[] assignment) {
    return new SyncGroupResponseData()
        .setProtocolType(group.protocolType())
        .setProtocolName(group.protocol())
        .setAssignment(assignment);
  }

  /** Heartbeat: keeps the session, and tells of a rebalance. */
  Errors heartbeat(Group group, HeartbeatRequestData request) {
    Errors error = group.check(request.memberId(), request.groupInstanceId());
    Member member = group.member(request.memberId());
    if (error != Errors.NONE || member == null) {
      return error;
    }
    if (request.generationId() != group.generation()) {
      return Errors.ILLEGAL_GENERATION;
    }
    rebalances.sessions().heard(group, member);
    return group.state() instanceof Preparing ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  /** LeaveGroup, of one member or of several (KIP-345); each has a result of its own. */
  LeaveGroupResponseData leave(
      Group group, List<MemberIdentity> leaving, ShardResult.Builder<GroupRecord> step) {
    List<MemberResponse> results = new ArrayList<>();
    List<String> causes = new ArrayList<>();
    for (MemberIdentity identity : leaving) {
      Errors error = leave(group, identity, causes, step);
      results.add(
          new MemberResponse()
              .setMemberId(identity.memberId())
              .setGroupInstanceId(identity.groupInstanceId())
              .setErrorCode(error.code()));
    }
    if (!causes.isEmpty()) {
      rebalances.afterDeparture(group, String.join("; ", causes), step);
    }
    return new LeaveGroupResponseData().setMembers(results);
  }

  private Errors leave(
      Group group,
      MemberIdentity identity,
      List<String> causes,
      ShardResult.Builder<GroupRecord> step) {
    if (group.state() instanceof Dead || group.state() instanceof Empty && !group.hasPendingIds()) {
      return Errors.UNKNOWN_MEMBER_ID;
    }
    String memberId = identity.memberId();
    String instanceId = identity.groupInstanceId();
    if (instanceId == null && group.forgetPendingId(memberId)) {
      causes.add("member " + memberId + " left before it joined");
      return Errors.NONE;
    }
    if (instanceId != null && memberId.isEmpty()) {
      // An administrator names static members by their instance id alone.
      String current = group.staticMemberId(instanceId);
      memberId = current == null ? "" : current;
    }
    Errors error = group.check(memberId, instanceId);
    Member member = group.member(memberId);
    if (error != Errors.NONE || member == null) {
      return error;
    }
    causes.add("member " + memberId + " left" + RebalanceHistory.told(identity.reason()));
    rebalances.drop(group, member, step);
    return Errors.NONE;
  }
}
