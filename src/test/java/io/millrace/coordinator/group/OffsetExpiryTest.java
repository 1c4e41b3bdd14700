package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupRecord.GroupRemoved;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.group.ShardBench.Inbox;
import io.millrace.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How committed offsets end: what expires (KIP-211), what is deleted. */
class OffsetExpiryTest extends GroupOffsetsFixture {

  // Expiry.

  @Test
  void offsetsWithoutMembersExpireAfterTheirCommit() {
    commit("", -1, 5);
    bench.pass(RETENTION_MS - 1_000);
    assertThat(fetched()).isEqualTo(5);

    bench.pass(CHECK_MS + 1_000);

    assertThat(fetched()).isEqualTo(-1);
    assertThat(bench.log.subList(1, 3))
        .containsExactly(new OffsetRemoved("g", new TopicPartition("t", 0)), new GroupRemoved("g"));
  }

  @Test
  void offsetsOfAGroupExpireAfterItLostItsLastMember() {
    String id = stableMember("t");
    for (int i = 0; i < 3; i++) {
      bench.pass(SESSION_MS - 1);
      commit(id, 1, 5);
    }
    bench.leave(id, null);

    bench.pass(RETENTION_MS - CHECK_MS);
    assertThat(fetched()).isEqualTo(5);
    bench.pass(2 * CHECK_MS);

    assertThat(fetched()).isEqualTo(-1);
  }

  @Test
  void offsetsOfReadTopicsNeverExpireWhileThereAreMembers() {
    assertThat(offsetAfterRetention("t")).isEqualTo(5);
  }

  @Test
  void offsetsOfTopicsThatAreNotReadAnyMoreExpireAfterTheirCommit() {
    assertThat(offsetAfterRetention("other")).isEqualTo(-1);
  }

  private long offsetAfterRetention(String topic) {
    commit("", -1, 5);
    JoinGroupRequestData patient = ShardBench.joinRequest("", null).setSessionTimeoutMs(1_800_000);
    ByteBuffer subscription =
        ConsumerProtocol.serializeSubscription(new Subscription(List.of(topic)));
    patient.protocols().find("range").setMetadata(subscription.array());
    Inbox<JoinGroupResponseData> join = bench.join(patient, 3);
    bench.pass(100);
    String id = join.get().memberId();
    bench.sync(id, 1, id);
    for (long ms = 0; ms < RETENTION_MS + 2 * CHECK_MS; ms += 1_500_000) {
      bench.heartbeat(id, 1);
      bench.pass(1_500_000);
    }
    assertThat(bench.heartbeat(id, 1).get().errorCode()).isZero();
    return fetched();
  }

  @Test
  void aCommitThatIsToBeKeptForEverIs() {
    commit(request("", -1, 5).setRetentionTimeMs(Long.MAX_VALUE), (short) 4);

    bench.pass(RETENTION_MS + 2 * CHECK_MS);

    assertThat(fetched()).isEqualTo(5);
  }

  @Test
  void aCommitWithARetentionOfItsOwnExpiresByIt() {
    commit(request("", -1, 5).setRetentionTimeMs(1_000), (short) 4);

    bench.pass(CHECK_MS + 1);

    assertThat(fetched()).isEqualTo(-1);
  }

  @Test
  void aGroupThatNeverWasAnythingIsForgotten() {
    bench.leave(bench.join("").get().memberId(), null);
    assertThat(bench.state()).isEqualTo("Empty");

    bench.pass(CHECK_MS + 1);

    assertThat(bench.log).containsExactly(new GroupRemoved("g"));
  }

  // Deleting.

  @Test
  void deletesAGroupWithoutMembersAndItsOffsets() {
    commit("", -1, 5);

    assertThat(bench.<Errors>ask(r -> bench.shard().delete("g", r)).get()).isEqualTo(Errors.NONE);

    assertThat(fetched()).isEqualTo(-1);
    assertThat(bench.<Errors>ask(r -> bench.shard().delete("g", r)).get())
        .isEqualTo(Errors.GROUP_ID_NOT_FOUND);
  }

  @Test
  void keepsAGroupWithMembers() {
    stableMember("t");

    assertThat(bench.<Errors>ask(r -> bench.shard().delete("g", r)).get())
        .isEqualTo(Errors.NON_EMPTY_GROUP);
  }

  @Test
  void deletesAGroupWithMoreOffsetsThanOneBatchHolds() {
    for (int from = 0; from < 30_000; from += 5_000) {
      OffsetCommitRequestData request = request("", -1, 5);
      OffsetCommitRequestTopic topic = request.topics().get(0);
      OffsetCommitRequestPartition first = topic.partitions().get(0);
      topic.partitions().clear();
      for (int i = from; i < from + 5_000; i++) {
        topic.partitions().add(first.duplicate().setPartitionIndex(i));
      }
      assertThat(commit(request, NEWEST)).isEqualTo(Errors.NONE);
    }

    Inbox<Errors> deleted = bench.ask(r -> bench.shard().delete("g", r));
    assertThat(deleted.isAnswered()).isFalse();
    bench.pass(1);

    assertThat(deleted.get()).isEqualTo(Errors.NONE);
    assertThat(bench.log).hasSize(60_001);
    assertThat(bench.log.get(60_000)).isEqualTo(new GroupRemoved("g"));
  }

  private OffsetDeleteResponseData deleteOffset() {
    OffsetDeleteRequestTopic topic = new OffsetDeleteRequestTopic().setName("t");
    topic.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(0));
    OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId("g");
    request.topics().add(topic);
    return bench.<OffsetDeleteResponseData>ask(r -> bench.shard().deleteOffsets(request, r)).get();
  }

  private Errors deleteResult() {
    return Errors.forCode(deleteOffset().topics().find("t").partitions().find(0).errorCode());
  }

  @Test
  void deletesOffsetsOfAGroupWithoutMembers() {
    commit("", -1, 5);

    assertThat(deleteResult()).isEqualTo(Errors.NONE);
    assertThat(fetched()).isEqualTo(-1);
  }

  @Test
  void keepsOffsetsOfTopicsThatTheGroupReads() {
    String id = stableMember("t");
    commit(id, 1, 5);

    assertThat(deleteResult()).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
    assertThat(fetched()).isEqualTo(5);
  }

  @Test
  void deletesOffsetsOfTopicsThatTheGroupDoesNotRead() {
    commit("", -1, 5);
    stableMember("other");

    assertThat(deleteResult()).isEqualTo(Errors.NONE);
  }

  @Test
  void deletesNoOffsetsOfAGroupThatIsNotThere() {
    assertThat(deleteOffset().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
  }

  @Test
  void offsetsOfADeletedTopicAreRemoved() {
    commit("", -1, 5);

    bench.<Errors>ask(r -> bench.shard().topicsDeleted(Map.of("t", new Uuid(1, 1)), r));

    assertThat(fetched()).isEqualTo(-1);
  }

  @Test
  void offsetsOfALaterTopicOfTheSameNameStay() {
    OffsetCommitRequestData request = request("", -1, 5);
    request.topics().get(0).setTopicId(new Uuid(2, 2));
    commit(request, NEWEST);

    bench.<Errors>ask(r -> bench.shard().topicsDeleted(Map.of("t", new Uuid(1, 1)), r));

    assertThat(fetched()).isEqualTo(5);
  }
}
