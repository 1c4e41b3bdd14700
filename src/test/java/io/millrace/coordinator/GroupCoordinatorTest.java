package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.group.GroupSettings;
import io.millrace.coordinator.group.GroupView;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.ClusterImage;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import java.net.InetAddress;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** What the door checks before any shard is asked: no call passes it unauthorised. */
class GroupCoordinatorTest {
  private static final short DENIED = Errors.GROUP_AUTHORIZATION_FAILED.code();

  private final EventLoop loop = new SimScheduler(1).process("broker").loop("net");
  private final CoordinatorCall call =
      new CoordinatorCall(
          loop,
          new Caller(KafkaPrincipal.ANONYMOUS, "c", InetAddress.getLoopbackAddress(), "PLAINTEXT"),
          (short) 9);
  private final GroupCoordinator door =
      door((caller, operation, type, name) -> type != ResourceType.GROUP);

  private GroupCoordinator door(Authorizer authorizer) {
    return new GroupCoordinator(
        GroupSettings.DEFAULTS,
        5_000,
        1_000,
        new GroupCoordinator.Ground(
            loop,
            () -> ClusterImage.EMPTY,
            partition -> null,
            () -> new Uuid(1, 1),
            authorizer,
            new LatestGroupViews(),
            GroupMemory.unlimited()));
  }

  @Test
  void membersNeedTheRightToReadAsTheGroup() {
    assertThat(door.join(call, new JoinGroupRequestData().setGroupId("g")).result().errorCode())
        .isEqualTo(DENIED);
    assertThat(door.sync(call, new SyncGroupRequestData().setGroupId("g")).result().errorCode())
        .isEqualTo(DENIED);
    assertThat(
            door.heartbeat(call, new HeartbeatRequestData().setGroupId("g")).result().errorCode())
        .isEqualTo(DENIED);
    assertThat(
            door.leave(call, new LeaveGroupRequestData().setGroupId("g"), List.of())
                .result()
                .errorCode())
        .isEqualTo(DENIED);
  }

  private static OffsetCommitRequestData commit() {
    OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("t");
    topic.partitions().add(new OffsetCommitRequestPartition().setPartitionIndex(0));
    return new OffsetCommitRequestData().setGroupId("g").setTopics(List.of(topic));
  }

  private static OffsetFetchRequestData fetch() {
    return new OffsetFetchRequestData()
        .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("g").setTopics(null)));
  }

  @Test
  void offsetsNeedRightsToTheGroup() {
    assertThat(door.commit(call, commit()).result().topics().get(0).partitions().get(0).errorCode())
        .isEqualTo(DENIED);
    assertThat(door.fetch(call, fetch()).result().groups().get(0).errorCode()).isEqualTo(DENIED);
    assertThat(
            door.deleteOffsets(call, new OffsetDeleteRequestData().setGroupId("g"))
                .result()
                .errorCode())
        .isEqualTo(DENIED);
  }

  @Test
  void offsetsNeedRightsToTheTopic() {
    GroupCoordinator topicless =
        door((caller, operation, type, name) -> type != ResourceType.TOPIC);

    assertThat(
            topicless
                .commit(call, commit())
                .result()
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode())
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
  }

  @Test
  void administratorsNeedRightsToTheGroup() {
    assertThat(
            door.describe(call, new DescribeGroupsRequestData().setGroups(List.of("g")))
                .result()
                .groups()
                .get(0)
                .errorCode())
        .isEqualTo(DENIED);
    assertThat(
            door.delete(call, new DeleteGroupsRequestData().setGroupsNames(List.of("g")))
                .result()
                .results()
                .find("g")
                .errorCode())
        .isEqualTo(DENIED);
  }

  @Test
  void aGroupBelongsToThePartitionOfItsNamesHash() {
    // As Kafka: the hash of the name without its sign, modulo the number of partitions.
    assertThat(GroupCoordinator.partitionFor("g", 50)).isEqualTo("g".hashCode() % 50);
    // A name whose hash is the least int.
    assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
    assertThat(GroupCoordinator.partitionFor("polygenelubricants", 50)).isZero();
  }

  @Test
  void theLatestViewOfAGroupIsTheOneThatIsSeen() {
    LatestGroupViews views = new LatestGroupViews();
    GroupView first = new GroupView("g", "Empty", "", null, 0, null, List.of(), null, List.of());
    GroupView second = new GroupView("g", "Stable", "", null, 1, null, List.of(), null, List.of());
    views.publish(first);
    views.publish(second);

    assertThat(views.of("g")).isEqualTo(second);
    views.withdraw("g");
    assertThat(views.all()).isEmpty();
  }
}
