package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupRemoved;
import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.Shard;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The groups and offsets of one partition of {@code __consumer_offsets}.
 *
 * <p>Each method is one step. Confined to: the loop of its partition.
 */
public final class GroupShard implements Shard<GroupRecord> {
  private final Clock clock;
  private final GroupSettings settings;
  private final ShardTimer<GroupRecord> timer;
  private final GroupViews views;

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final GroupMemory.Share memory;
  private final Offsets offsets;
  private boolean live;

  private final RecordLimit limit;
  private final Rebalances rebalances;
  private final Joins joins;
  private final Membership membership;
  private final OffsetSteps offsetSteps;

  /**
   * @param ids makes the random part of member ids
   * @param views is told of each change once the shard is loaded
   * @param memory what the groups of this shard may take
   */
  public GroupShard(
      Clock clock,
      GroupSettings settings,
      Supplier<Uuid> ids,
      ShardTimer<GroupRecord> timer,
      GroupViews views,
      GroupMemory.Share memory) {
    this.clock = clock;
    this.settings = settings;
    this.timer = timer;
    this.views = views;
    this.memory = memory;
    this.offsets = new Offsets(memory);
    this.limit = new RecordLimit(settings.recordBytesMax());
    this.rebalances = new Rebalances(clock, timer, settings, views);
    this.joins =
        new Joins(clock, timer, settings, ids, limit, rebalances, memory, this::forgetUnused);
    this.membership = new Membership(clock, limit, rebalances);
    this.offsetSteps = new OffsetSteps(clock, settings, offsets, rebalances.sessions(), memory);
  }

  /** JoinGroup, versions 0 to 9. Answered when the generation begins, or at once on errors. */
  public ShardResult<GroupRecord> join(
      GroupCall call, JoinGroupRequestData request, Reply<JoinGroupResponseData> reply) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Group group = groups.get(request.groupId());
    int sessionMs = request.sessionTimeoutMs();
    if (sessionMs < settings.sessionTimeoutMinMs() || sessionMs > settings.sessionTimeoutMaxMs()) {
      step.answer(reply, Joined.refused(request.memberId(), Errors.INVALID_SESSION_TIMEOUT));
    } else if (group == null && !request.memberId().isEmpty()) {
      step.answer(reply, Joined.refused(request.memberId(), Errors.UNKNOWN_MEMBER_ID));
    } else {
      Group joined = group == null ? create(request.groupId()) : group;
      joins.join(joined, isNew(joined), call, request, reply, step);
      forgetUnused(joined);
    }
    return step.build();
  }

  private Group create(String groupId) {
    return groups.computeIfAbsent(groupId, id -> new Group(id, memory));
  }

  /** Whether nothing is known of it that would have to go on. */
  private boolean isNew(Group group) {
    return group.generation() == 0 && group.members().isEmpty() && offsets.of(group.id()).isEmpty();
  }

  /** Whoever was refused, or never came back with the id that was given out, leaves no group. */
  private void forgetUnused(Group group) {
    if (group.isUnused() && groups.get(group.id()) == group && offsets.of(group.id()).isEmpty()) {
      groups.remove(group.id());
      group.end();
      views.withdraw(group.id());
    }
  }

  /** SyncGroup, versions 0 to 5. Answered when the leader's assignment is stored. */
  public ShardResult<GroupRecord> sync(
      SyncGroupRequestData request, Reply<SyncGroupResponseData> reply) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Group group = groups.get(request.groupId());
    if (group == null) {
      step.answer(reply, new SyncGroupResponseData().setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
    } else {
      membership.sync(group, request, reply, step);
    }
    return step.build();
  }

  /** Heartbeat, versions 0 to 4. */
  public ShardResult<GroupRecord> heartbeat(
      HeartbeatRequestData request, Reply<HeartbeatResponseData> reply) {
    Group group = groups.get(request.groupId());
    Errors error = group == null ? Errors.UNKNOWN_MEMBER_ID : membership.heartbeat(group, request);
    return answer(reply, new HeartbeatResponseData().setErrorCode(error.code()));
  }

  /** LeaveGroup, versions 0 to 5; every member has its own result. */
  public ShardResult<GroupRecord> leave(
      String groupId, List<MemberIdentity> leaving, Reply<LeaveGroupResponseData> reply) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Group group = groups.get(groupId);
    LeaveGroupResponseData response =
        group == null ? nobodyKnown(leaving) : membership.leave(group, leaving, step);
    return step.answer(reply, response).build();
  }

  private static LeaveGroupResponseData nobodyKnown(List<MemberIdentity> leaving) {
    LeaveGroupResponseData response = new LeaveGroupResponseData();
    for (MemberIdentity identity : leaving) {
      response
          .members()
          .add(
              new MemberResponse()
                  .setMemberId(identity.memberId())
                  .setGroupInstanceId(identity.groupInstanceId())
                  .setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
    }
    return response;
  }

  /** OffsetCommit, versions 2 to 10, of topics that exist, by name. */
  public ShardResult<GroupRecord> commit(
      short version, OffsetCommitRequestData request, Reply<OffsetCommitResponseData> reply) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Group group = groups.get(request.groupId());
    return step.answer(reply, offsetSteps.commit(group, request, version, step)).build();
  }

  /** OffsetFetch of one group; topics by name, null for all. */
  public ShardResult<GroupRecord> fetch(
      OffsetFetchRequestGroup request, boolean stable, Reply<OffsetFetchResponseGroup> reply) {
    return answer(reply, offsetSteps.fetch(request, stable));
  }

  /** OffsetDelete, version 0, of topics that exist. */
  public ShardResult<GroupRecord> deleteOffsets(
      OffsetDeleteRequestData request, Reply<OffsetDeleteResponseData> reply) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Group group = groups.get(request.groupId());
    return step.answer(reply, offsetSteps.delete(group, request, step)).build();
  }

  /** DeleteGroups: the group and its offsets, when it has no members. */
  public ShardResult<GroupRecord> delete(String groupId, Reply<Errors> reply) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Group group = groups.get(groupId);
    if (group == null) {
      return step.answer(reply, Errors.GROUP_ID_NOT_FOUND).build();
    }
    if (!group.isEmpty()) {
      return step.answer(reply, Errors.NON_EMPTY_GROUP).build();
    }
    Tombstones tombstones = new Tombstones(limit.bytes(), step);
    offsets.of(groupId).keySet().forEach(p -> tombstones.add(new OffsetRemoved(groupId, p)));
    if (tombstones.areIncomplete()) {
      timer.schedule(0, () -> delete(groupId, reply));
      return step.build();
    }
    return step.append(new GroupRemoved(groupId)).answer(reply, Errors.NONE).build();
  }

  /** DescribeGroups of one group; null when there is no such group. */
  public ShardResult<GroupRecord> describe(String groupId, Reply<@Nullable DescribedGroup> reply) {
    Group group = groups.get(groupId);
    return answer(reply, group == null ? null : GroupAnswers.described(group));
  }

  /** All groups of the shard. */
  public ShardResult<GroupRecord> list(Reply<List<ListedGroup>> reply) {
    return answer(reply, groups.values().stream().map(GroupAnswers::listed).toList());
  }

  /** Topics were deleted: their offsets are of no use to anybody. */
  public ShardResult<GroupRecord> topicsDeleted(
      Map<String, Uuid> topicIdsByName, Reply<Errors> reply) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Tombstones tombstones = new Tombstones(limit.bytes(), step);
    offsetSteps.topicsDeleted(topicIdsByName).forEach(tombstones::add);
    if (tombstones.areIncomplete()) {
      timer.schedule(0, () -> topicsDeleted(topicIdsByName, reply));
      return step.build();
    }
    return step.answer(reply, Errors.NONE).build();
  }

  private static <T> ShardResult<GroupRecord> answer(Reply<T> reply, T value) {
    return new ShardResult.Builder<GroupRecord>().answer(reply, value).build();
  }

  @Override
  public ShardResult<GroupRecord> loaded() {
    live = true;
    for (Group group : groups.values()) {
      group.members().forEach(m -> rebalances.sessions().heard(group, m));
      views.publish(GroupView.of(group));
    }
    timer.schedule(settings.offsetsCheckIntervalMs(), this::expire);
    return new ShardResult.Builder<GroupRecord>().build();
  }

  /** Looks for expired offsets, and for groups that have nothing left (KIP-211). */
  private ShardResult<GroupRecord> expire() {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    Tombstones tombstones = new Tombstones(limit.bytes(), step);
    for (Group group : groups.values()) {
      List<OffsetRemoved> expired = offsetSteps.expired(group);
      expired.forEach(tombstones::add);
      boolean nothingLeft =
          expired.size() == offsets.of(group.id()).size()
              && offsets.pendingOf(group.id()).isEmpty();
      if (nothingLeft && group.isEmpty() && !group.hasPendingIds()) {
        tombstones.add(new GroupRemoved(group.id()));
      }
    }
    timer.schedule(
        tombstones.areIncomplete() ? 0 : settings.offsetsCheckIntervalMs(), this::expire);
    return step.build();
  }

  @Override
  public void replay(long producerId, short producerEpoch, GroupRecord record) {
    if (record instanceof OffsetCommitted committed) {
      offsets.replay(producerId, committed);
      show(committed.groupId());
    } else if (record instanceof OffsetRemoved removed) {
      offsets.replay(removed);
    } else if (record instanceof GroupStored stored) {
      Group group = create(stored.groupId());
      group.replay(stored.group(), live);
      if (live) {
        rebalances.stored(group);
      }
    } else if (record instanceof GroupRemoved removed) {
      remove(removed.groupId());
    }
  }

  @Override
  public void replayEndMarker(long producerId, short producerEpoch, boolean committed) {
    offsets.replayEndMarker(producerId, committed).forEach(this::show);
  }

  /** A group that only commits offsets has no rebalance that would publish it. */
  private void show(String groupId) {
    boolean known = groups.containsKey(groupId);
    Group group = create(groupId);
    if (live && !known) {
      views.publish(GroupView.of(group));
    }
  }

  private void remove(String groupId) {
    Group group = groups.remove(groupId);
    if (group == null) {
      return;
    }
    group.end();
    if (!offsets.of(groupId).isEmpty()) {
      // A compacted log may have lost the tombstones of offsets that were committed again later.
      create(groupId);
    }
    if (live) {
      views.withdraw(groupId);
    }
  }
}
