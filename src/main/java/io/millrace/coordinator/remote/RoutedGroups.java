package io.millrace.coordinator.remote;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerService;
import io.millrace.coordinator.CoordinatorCall;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.Groups;
import io.millrace.coordinator.remote.GroupAsk.Kind;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
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
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * The groups of the cluster from one broker: those that are coordinated here are asked here, the
 * others at the broker that leads their partition of {@code __consumer_offsets}.
 *
 * <p>Thread-safe.
 */
public final class RoutedGroups implements Groups {
  private static final int ANSWER_MS = 5_000;
  private static final short COMMITTED_VERSION = 9;

  private final GroupCoordinator here;
  private final Supplier<ClusterImage> image;
  private final int brokerId;
  private final PeerLink link;

  /**
   * @param here the coordinator of this broker
   * @param image says who leads
   * @param brokerId id of this broker
   */
  public RoutedGroups(
      GroupCoordinator here, Supplier<ClusterImage> image, int brokerId, PeerLink link) {
    this.here = here;
    this.image = image;
    this.brokerId = brokerId;
    this.link = link;
  }

  /**
   * What is asked elsewhere.
   *
   * @param waitMs how long the coordinator itself may take to answer
   */
  private record Question(Kind kind, String groupId, ApiMessage request, int waitMs) {
    Question(Kind kind, String groupId, ApiMessage request) {
      this(kind, groupId, request, 0);
    }
  }

  /** The broker to ask; null when it is this one, or when nobody is known. */
  private @Nullable BrokerImage elsewhere(String groupId) {
    TopicImage topic = image.get().topic(GroupCoordinator.TOPIC);
    if (topic == null) {
      return null;
    }
    int number = GroupCoordinator.partitionFor(groupId, topic.partitions().size());
    PartitionImage partition = topic.partition(number);
    return partition == null || partition.leader() == brokerId
        ? null
        : image.get().broker(partition.leader());
  }

  private <R extends ApiMessage> Future<R> ask(
      CoordinatorCall call,
      Question question,
      Supplier<Future<R>> local,
      BiFunction<ByteBufferAccessor, Short, R> read,
      Function<Errors, R> refused) {
    BrokerImage broker = elsewhere(question.groupId);
    if (broker == null) {
      return local.get();
    }
    Endpoint peer = broker.endpoint(Endpoint.PEER);
    if (peer == null) {
      return Future.succeededFuture(refused.apply(Errors.COORDINATOR_NOT_AVAILABLE));
    }
    GroupAsk ask =
        new GroupAsk(
            call.caller(),
            brokerId,
            question.kind,
            call.version(),
            GroupAsk.bytes(question.request, call.version()));
    return link.ask(
            call.loop(),
            new PeerAddress(peer.host(), peer.port()),
            PeerLink.Lane.CLIENT,
            PeerService.GROUP,
            ask.encode(),
            question.waitMs + ANSWER_MS)
        .map(body -> read.apply(new ByteBufferAccessor(ByteBuffer.wrap(body)), call.version()))
        .otherwise(fault -> refused.apply(Errors.COORDINATOR_NOT_AVAILABLE));
  }

  @Override
  public Future<JoinGroupResponseData> join(CoordinatorCall call, JoinGroupRequestData request) {
    int waitMs = Math.max(request.rebalanceTimeoutMs(), request.sessionTimeoutMs());
    return ask(
        call,
        new Question(Kind.JOIN, request.groupId(), request, waitMs),
        () -> here.join(call, request),
        JoinGroupResponseData::new,
        error ->
            new JoinGroupResponseData()
                .setErrorCode(error.code())
                .setMemberId(request.memberId())
                .setProtocolName(""));
  }

  @Override
  public Future<SyncGroupResponseData> sync(CoordinatorCall call, SyncGroupRequestData request) {
    return ask(
        call,
        new Question(Kind.SYNC, request.groupId(), request, SYNC_WAIT_MS),
        () -> here.sync(call, request),
        SyncGroupResponseData::new,
        error -> new SyncGroupResponseData().setErrorCode(error.code()));
  }

  /** The leader of a generation may take its whole rebalance timeout; the member asks again. */
  private static final int SYNC_WAIT_MS = 60_000;

  @Override
  public Future<HeartbeatResponseData> heartbeat(
      CoordinatorCall call, HeartbeatRequestData request) {
    return ask(
        call,
        new Question(Kind.HEARTBEAT, request.groupId(), request),
        () -> here.heartbeat(call, request),
        HeartbeatResponseData::new,
        error -> new HeartbeatResponseData().setErrorCode(error.code()));
  }

  @Override
  public Future<LeaveGroupResponseData> leave(CoordinatorCall call, LeaveGroupRequestData request) {
    return ask(
        call,
        new Question(Kind.LEAVE, request.groupId(), request),
        () -> here.leave(call, request),
        LeaveGroupResponseData::new,
        error -> new LeaveGroupResponseData().setErrorCode(error.code()));
  }

  @Override
  public Future<OffsetCommitResponseData> commit(
      CoordinatorCall call, OffsetCommitRequestData request) {
    return ask(
        call,
        new Question(Kind.COMMIT, request.groupId(), request, ANSWER_MS),
        () -> here.commit(call, request),
        OffsetCommitResponseData::new,
        error -> GroupCoordinator.commitRefused(request, error));
  }

  @Override
  public Future<OffsetFetchResponseData> fetch(
      CoordinatorCall call, OffsetFetchRequestData request) {
    String groupId = request.groups().get(0).groupId();
    return ask(
        call,
        new Question(Kind.FETCH, groupId, request, ANSWER_MS),
        () -> here.fetch(call, request),
        OffsetFetchResponseData::new,
        error -> fetchRefused(groupId, error));
  }

  private static OffsetFetchResponseData fetchRefused(String groupId, Errors error) {
    OffsetFetchResponseData refused = new OffsetFetchResponseData();
    refused
        .groups()
        .add(new OffsetFetchResponseGroup().setGroupId(groupId).setErrorCode(error.code()));
    return refused;
  }

  @Override
  public Future<OffsetFetchResponseGroup> committed(EventLoop asker, String groupId) {
    OffsetFetchRequestData request = new OffsetFetchRequestData();
    request.groups().add(new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(null));
    Caller broker = new Caller(KafkaPrincipal.ANONYMOUS, "", InetAddress.getLoopbackAddress(), "");
    return ask(
            new CoordinatorCall(asker, broker, COMMITTED_VERSION, brokerId),
            new Question(Kind.COMMITTED, groupId, request),
            () ->
                here.committed(asker, groupId)
                    .map(group -> new OffsetFetchResponseData().setGroups(List.of(group))),
            OffsetFetchResponseData::new,
            error -> fetchRefused(groupId, error))
        .map(answer -> answer.groups().get(0));
  }

  @Override
  public Future<OffsetDeleteResponseData> deleteOffsets(
      CoordinatorCall call, OffsetDeleteRequestData request) {
    return ask(
        call,
        new Question(Kind.DELETE_OFFSETS, request.groupId(), request, ANSWER_MS),
        () -> here.deleteOffsets(call, request),
        OffsetDeleteResponseData::new,
        error -> new OffsetDeleteResponseData().setErrorCode(error.code()));
  }

  @Override
  public Future<DeleteGroupsResponseData> delete(
      CoordinatorCall call, DeleteGroupsRequestData request) {
    String groupId = request.groupsNames().get(0);
    return ask(
        call,
        new Question(Kind.DELETE, groupId, request, ANSWER_MS),
        () -> here.delete(call, request),
        DeleteGroupsResponseData::new,
        error -> {
          DeleteGroupsResponseData refused = new DeleteGroupsResponseData();
          refused
              .results()
              .add(
                  new DeleteGroupsResponseData.DeletableGroupResult()
                      .setGroupId(groupId)
                      .setErrorCode(error.code()));
          return refused;
        });
  }
}
