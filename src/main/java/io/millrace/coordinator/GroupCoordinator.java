package io.millrace.coordinator;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupSettings;
import io.millrace.coordinator.group.GroupShard;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.runtime.CoordinatorException;
import io.millrace.coordinator.runtime.ShardHosts;
import io.millrace.coordinator.runtime.ShardHosts.ShardLogs;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.TopicImage;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/**
 * The door to consumer groups and committed offsets, for TCP members and for browsers alike.
 *
 * <p>All futures succeed, on the caller's loop; what went wrong stands in the answer. It follows
 * the cluster's image behind the partitions, and knows a group's partition by the name's hash, as
 * Kafka does.
 *
 * <p>Thread-safe; changes of the image come on the control loop.
 */
public final class GroupCoordinator implements MetadataListener, Groups {
  /** Name of the internal topic that holds groups and offsets. */
  public static final String TOPIC = "__consumer_offsets";

  /** One chunk is replayed in one step of the partition's loop, so it is kept short. */
  private static final int LOAD_CHUNK_BYTES_MAX = 256 << 10;

  private final Supplier<ClusterImage> image;
  private final ShardHosts<GroupShard, GroupRecord> hosts;
  private final Access access;
  private final OffsetDoor offsets;
  private final GroupsDoor groups;

  /**
   * What the coordinator stands on.
   *
   * @param control the loop on which the image's changes come
   * @param image the newest image, for any thread
   * @param logs the logs of {@link #TOPIC}
   * @param ids makes ids for members
   * @param views is told of each change of a group
   * @param memory what groups may take
   */
  public record Ground(
      EventLoop control,
      Supplier<ClusterImage> image,
      ShardLogs logs,
      Supplier<Uuid> ids,
      Authorizer authorizer,
      GroupViews views,
      GroupMemory memory) {}

  /**
   * @param commitTimeoutMs {@code offsets.commit.timeout.ms}
   * @param loadChunkBytes bytes that are read at a time on loading
   */
  public GroupCoordinator(
      GroupSettings settings, int commitTimeoutMs, int loadChunkBytes, Ground ground) {
    this.image = ground.image();
    this.hosts =
        new ShardHosts<>(
            TOPIC,
            ground.control(),
            ground.logs(),
            new GroupShards(
                settings,
                commitTimeoutMs,
                loadChunkBytes,
                ground.ids(),
                ground.views(),
                ground.memory()));
    this.access = new Access(ground.authorizer());
    this.offsets = new OffsetDoor(image, access, this);
    this.groups = new GroupsDoor(hosts, access, this);
  }

  /** The coordinator that a broker's configuration asks for. */
  public static GroupCoordinator of(BrokerConfig config, Ground ground) {
    int chunkBytes =
        Math.min(LOAD_CHUNK_BYTES_MAX, config.get(BrokerKeys.OFFSETS_LOAD_BUFFER_SIZE));
    return new GroupCoordinator(
        GroupSettings.of(config),
        config.get(BrokerKeys.OFFSETS_COMMIT_TIMEOUT_MS),
        chunkBytes,
        ground);
  }

  /** The partition of {@link #TOPIC} that holds a group, among that many. */
  public static int partitionFor(String groupId, int partitions) {
    return Utils.abs(groupId.hashCode()) % partitions;
  }

  /** JoinGroup: answered when the group's next generation begins. */
  @Override
  public Future<JoinGroupResponseData> join(CoordinatorCall call, JoinGroupRequestData request) {
    Function<Errors, JoinGroupResponseData> refused =
        error ->
            new JoinGroupResponseData()
                .setErrorCode(error.code())
                .setMemberId(request.memberId())
                .setProtocolName("");
    return member(
        call,
        request.groupId(),
        (shard, reply) -> shard.join(call.toGroupCall(), request, reply),
        refused);
  }

  /** SyncGroup: answered when the generation's assignment is stored. */
  @Override
  public Future<SyncGroupResponseData> sync(CoordinatorCall call, SyncGroupRequestData request) {
    return member(
        call,
        request.groupId(),
        (shard, reply) -> shard.sync(request, reply),
        error -> new SyncGroupResponseData().setErrorCode(error.code()));
  }

  /** Heartbeat. */
  @Override
  public Future<HeartbeatResponseData> heartbeat(
      CoordinatorCall call, HeartbeatRequestData request) {
    return member(
        call,
        request.groupId(),
        (shard, reply) -> shard.heartbeat(request, reply),
        error -> new HeartbeatResponseData().setErrorCode(error.code()));
  }

  /**
   * LeaveGroup.
   *
   * @param leaving the members that leave; the one of the request up to version 2
   */
  public Future<LeaveGroupResponseData> leave(
      CoordinatorCall call, LeaveGroupRequestData request, List<MemberIdentity> leaving) {
    return member(
        call,
        request.groupId(),
        (shard, reply) -> shard.leave(request.groupId(), leaving, reply),
        error -> new LeaveGroupResponseData().setErrorCode(error.code()));
  }

  @Override
  public Future<LeaveGroupResponseData> leave(CoordinatorCall call, LeaveGroupRequestData request) {
    return leave(call, request, request.members());
  }

  private <T> Future<T> member(
      CoordinatorCall call,
      String groupId,
      BiFunction<GroupShard, Reply<T>, ShardResult<GroupRecord>> step,
      Function<Errors, T> refused) {
    Errors error = access.join(call, groupId);
    return error == Errors.NONE
        ? run(call.loop(), groupId, step, refused)
        : Future.succeededFuture(refused.apply(error));
  }

  /** Runs a step on the shard of a group; turns failures into answers. */
  <T> Future<T> run(
      EventLoop asker,
      String groupId,
      BiFunction<GroupShard, Reply<T>, ShardResult<GroupRecord>> step,
      Function<Errors, T> refused) {
    return ask(groupId, partition -> hosts.run(asker, partition, step), refused);
  }

  /** As {@link #run}, for a step that decides by its records alone. */
  <T> Future<T> write(
      EventLoop asker,
      String groupId,
      BiFunction<GroupShard, Reply<T>, ShardResult<GroupRecord>> step,
      Function<Errors, T> refused) {
    return ask(groupId, partition -> hosts.write(asker, partition, step), refused);
  }

  /** As {@link #run}; refused while the answer may be outdated. */
  <T> Future<T> read(
      EventLoop asker,
      String groupId,
      BiFunction<GroupShard, Reply<T>, ShardResult<GroupRecord>> step,
      Function<Errors, T> refused) {
    return ask(groupId, partition -> hosts.read(asker, partition, step), refused);
  }

  private <T> Future<T> ask(
      String groupId, IntFunction<Future<T>> question, Function<Errors, T> refused) {
    TopicImage topic = image.get().topic(TOPIC);
    if (topic == null) {
      return Future.succeededFuture(refused.apply(Errors.NOT_COORDINATOR));
    }
    return question
        .apply(partitionFor(groupId, topic.partitions().size()))
        .otherwise(failure -> refused.apply(CoordinatorException.errorOf(failure)));
  }

  /** OffsetCommit. */
  @Override
  public Future<OffsetCommitResponseData> commit(
      CoordinatorCall call, OffsetCommitRequestData request) {
    return offsets.commit(call, request);
  }

  /** The answer to a commit of which nothing is done. */
  public static OffsetCommitResponseData commitRefused(
      OffsetCommitRequestData request, Errors error) {
    return OffsetDoor.commitRefused(request.topics(), error);
  }

  /** OffsetFetch of any number of groups; the answer has the form of version 8 and later. */
  @Override
  public Future<OffsetFetchResponseData> fetch(
      CoordinatorCall call, OffsetFetchRequestData request) {
    return offsets.fetch(call, request);
  }

  /**
   * All committed offsets of a group, for whoever shows them: it is his to ask who may see them.
   * Unlike those of {@link #fetch} they may be outdated while the lease is over: nobody goes on
   * reading from them, and what is committed after a look at them is refused then.
   *
   * @param asker the loop that gets the answer
   */
  @Override
  public Future<OffsetFetchResponseGroup> committed(EventLoop asker, String groupId) {
    OffsetFetchRequestGroup all = new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(null);
    return run(
        asker,
        groupId,
        (shard, reply) -> shard.fetch(all, false, reply),
        error -> new OffsetFetchResponseGroup().setGroupId(groupId).setErrorCode(error.code()));
  }

  /** OffsetDelete. */
  @Override
  public Future<OffsetDeleteResponseData> deleteOffsets(
      CoordinatorCall call, OffsetDeleteRequestData request) {
    return offsets.delete(call, request);
  }

  /** DescribeGroups. */
  public Future<DescribeGroupsResponseData> describe(
      CoordinatorCall call, DescribeGroupsRequestData request) {
    return groups.describe(call, request);
  }

  /** ListGroups: the groups that this broker coordinates. */
  public Future<ListGroupsResponseData> list(CoordinatorCall call, ListGroupsRequestData request) {
    return groups.list(call, request);
  }

  /** DeleteGroups. */
  @Override
  public Future<DeleteGroupsResponseData> delete(
      CoordinatorCall call, DeleteGroupsRequestData request) {
    return groups.delete(call, request);
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    hosts.onImage(change, done);
    Map<String, Uuid> deleted = new HashMap<>();
    for (Uuid id : change.topics()) {
      TopicImage before = change.before().topic(id);
      if (before != null && change.now().topic(id) == null) {
        deleted.put(before.name(), id);
      }
    }
    if (!deleted.isEmpty()) {
      hosts.<Errors>onAll((shard, reply) -> shard.topicsDeleted(Map.copyOf(deleted), reply));
    }
  }

  /** Ends it: members that wait are told to look for another coordinator. */
  public Future<Void> close() {
    return hosts.close();
  }
}
