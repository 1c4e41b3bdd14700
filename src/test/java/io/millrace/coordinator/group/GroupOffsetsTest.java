package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupRecord.GroupRemoved;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.group.ShardBench.Inbox;
import io.millrace.model.TopicPartition;
import io.millrace.record.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Committed offsets: who may commit, what is fetched, what expires (KIP-211), what is deleted. */
class GroupOffsetsTest {
  private static final long RETENTION_MS = 7L * 24 * 3_600_000;
  private static final long CHECK_MS = 600_000;
  private static final short NEWEST = 10;

  private final ShardBench bench = new ShardBench();

  private static OffsetCommitRequestData request(String memberId, int generation, long offset) {
    OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("t");
    topic
        .partitions()
        .add(
            new OffsetCommitRequestPartition()
                .setPartitionIndex(0)
                .setCommittedOffset(offset)
                .setCommittedLeaderEpoch(3)
                .setCommittedMetadata("note"));
    return new OffsetCommitRequestData()
        .setGroupId("g")
        .setMemberId(memberId)
        .setGenerationIdOrMemberEpoch(generation)
        .setTopics(List.of(topic));
  }

  private Errors commit(OffsetCommitRequestData request, short version) {
    return commit(bench, request, version);
  }

  private static Errors commit(ShardBench to, OffsetCommitRequestData request, short version) {
    Inbox<OffsetCommitResponseData> inbox =
        to.ask(reply -> to.shard().commit(version, request, reply));
    return Errors.forCode(inbox.get().topics().get(0).partitions().get(0).errorCode());
  }

  private Errors commit(String memberId, int generation, long offset) {
    return commit(request(memberId, generation, offset), NEWEST);
  }

  private OffsetFetchResponsePartitions fetch(boolean stable) {
    OffsetFetchRequestGroup group =
        new OffsetFetchRequestGroup()
            .setGroupId("g")
            .setTopics(
                List.of(
                    new OffsetFetchRequestTopics().setName("t").setPartitionIndexes(List.of(0))));
    Inbox<OffsetFetchResponseGroup> inbox =
        bench.ask(reply -> bench.shard().fetch(group, stable, reply));
    return inbox.get().topics().get(0).partitions().get(0);
  }

  private long fetched() {
    return fetch(false).committedOffset();
  }

  private String stableMember(String... topics) {
    JoinGroupRequestData request = ShardBench.joinRequest("", null);
    ByteBuffer subscription =
        ConsumerProtocol.serializeSubscription(new Subscription(List.of(topics)));
    byte[] metadata = new byte[subscription.remaining()];
    subscription.get(metadata);
    request.protocols().find("range").setMetadata(metadata);
    Inbox<JoinGroupResponseData> join = bench.join(request, 3);
    bench.pass(100);
    String id = join.get().memberId();
    bench.sync(id, join.get().generationId(), id);
    return id;
  }

  // Committing.

  @Test
  void aConsumerWithoutMembershipCommitsToAGroupThatIsNotThere() {
    assertThat(commit("", -1, 5)).isEqualTo(Errors.NONE);

    OffsetFetchResponsePartitions back = fetch(true);
    assertThat(back.committedOffset()).isEqualTo(5);
    assertThat(back.committedLeaderEpoch()).isEqualTo(3);
    assertThat(back.metadata()).isEqualTo("note");
    assertThat(bench.state()).isEqualTo("Empty");
  }

  @Test
  void aGenerationOfAGroupThatIsNotThereIsRefused() {
    assertThat(commit(request("m", 1, 5), (short) 8)).isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(commit(request("m", 1, 5), (short) 9)).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
  }

  @Test
  void aMemberCommitsInItsGeneration() {
    String id = stableMember("t");

    assertThat(commit(id, 1, 5)).isEqualTo(Errors.NONE);
    assertThat(commit(id, 0, 6)).isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(commit(id, 2, 6)).isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(commit("stranger", 1, 6)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(fetched()).isEqualTo(5);
  }

  @Test
  void nobodyElseCommitsWhileTheGroupHasMembers() {
    stableMember("t");

    assertThat(commit("", -1, 6)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void aFencedStaticMemberDoesNotCommit() {
    Inbox<JoinGroupResponseData> join = bench.joinStatic("s");
    bench.pass(100);
    String old = join.get().memberId();
    bench.sync(old, 1, old);
    bench.joinStatic("s");

    OffsetCommitRequestData request = request(old, 1, 5).setGroupInstanceId("s");

    assertThat(commit(request, NEWEST)).isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(commit(request(old, 1, 5), NEWEST)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void membersCommitWhileARebalanceIsPreparedAndNotWhileItCompletes() {
    String id = stableMember("t");
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    assertThat(commit(id, 1, 5)).isEqualTo(Errors.NONE);

    Inbox<JoinGroupResponseData> again = bench.join(id);

    assertThat(commit(id, again.get().generationId(), 6)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(second.isAnswered()).isTrue();
  }

  @Test
  void aCommitKeepsTheSession() {
    String id = stableMember("t");

    for (int i = 0; i < 5; i++) {
      bench.pass(SESSION_MS - 1);
      assertThat(commit(id, 1, i)).isEqualTo(Errors.NONE);
    }
  }

  @Test
  void refusesMetadataThatIsTooLong() {
    OffsetCommitRequestData request = request("", -1, 5);
    request.topics().get(0).partitions().get(0).setCommittedMetadata("x".repeat(4_097));

    assertThat(commit(request, NEWEST)).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
    assertThat(bench.log).isEmpty();
  }

  @Test
  void takesNoMetadataAsEmpty() {
    OffsetCommitRequestData request = request("", -1, 5);
    request.topics().get(0).partitions().get(0).setCommittedMetadata(null);

    assertThat(commit(request, NEWEST)).isEqualTo(Errors.NONE);
    assertThat(fetch(false).metadata()).isEmpty();
  }

  @Test
  void refusesACommitThatOneBatchCannotHold() {
    OffsetCommitRequestData request = request("", -1, 5);
    OffsetCommitRequestTopic topic = request.topics().get(0);
    for (int i = 1; i < 16_000; i++) {
      topic.partitions().add(topic.partitions().get(0).duplicate().setPartitionIndex(i));
    }

    assertThat(commit(request, NEWEST)).isEqualTo(Errors.INVALID_COMMIT_OFFSET_SIZE);
    assertThat(bench.log).isEmpty();
  }

  /** The limit of the topic may be changed while the coordinator runs. */
  @Test
  void asksAnewEachTimeHowMuchOneBatchHolds() {
    AtomicInteger limit = new AtomicInteger(1_000_000);
    ShardBench changing = new ShardBench(GroupSettings.DEFAULTS.within(limit::get));
    OffsetCommitRequestData request = request("", -1, 5);
    request.topics().get(0).partitions().get(0).setCommittedMetadata("x".repeat(600));

    assertThat(commit(changing, request, NEWEST)).isEqualTo(Errors.NONE);
    limit.set(1_000);
    assertThat(commit(changing, request, NEWEST)).isEqualTo(Errors.INVALID_COMMIT_OFFSET_SIZE);
    limit.set(2_000_000);
    assertThat(commit(changing, request, NEWEST)).isEqualTo(Errors.NONE);
  }

  @Test
  void takesACommitThatOneBatchJustHolds() {
    OffsetCommitRequestData request = request("", -1, 5);
    OffsetCommitRequestTopic topic = request.topics().get(0);
    for (int i = 1; i < 14_000; i++) {
      topic.partitions().add(topic.partitions().get(0).duplicate().setPartitionIndex(i));
    }

    assertThat(commit(request, NEWEST)).isEqualTo(Errors.NONE);
    assertThat(bytesOf(bench.log)).isLessThan(GroupSettings.DEFAULTS.recordBytesMax().getAsInt());
  }

  private static long bytesOf(List<GroupRecord> records) {
    BatchBuilder batch = new BatchBuilder();
    GroupRecordCodec codec = new GroupRecordCodec();
    for (GroupRecord record : records) {
      var encoded = codec.encode(record);
      batch.add(
          1_750_000_000_000L, ByteBuffer.wrap(encoded.key()), ByteBuffer.wrap(encoded.value()));
    }
    return batch.sizeBytes();
  }

  @Test
  void remembersTheTopicIdThatTheClientNamed() {
    OffsetCommitRequestData request = request("", -1, 5);
    request.topics().get(0).setTopicId(new Uuid(1, 2));
    commit(request, NEWEST);

    assertThat(bench.log)
        .singleElement()
        .isInstanceOfSatisfying(
            OffsetCommitted.class,
            record -> assertThat(record.offset().topicId()).isEqualTo(new Uuid(1, 2)));
  }

  // Fetching.

  @Test
  void whatWasNeverCommittedIsMinusOne() {
    OffsetFetchResponsePartitions nothing = fetch(true);

    assertThat(nothing.committedOffset()).isEqualTo(-1);
    assertThat(nothing.committedLeaderEpoch()).isEqualTo(-1);
    assertThat(nothing.metadata()).isEmpty();
    assertThat(nothing.errorCode()).isZero();
  }

  @Test
  void fetchesEverythingWhenNoTopicIsNamed() {
    commit("", -1, 5);
    OffsetFetchRequestGroup all = new OffsetFetchRequestGroup().setGroupId("g").setTopics(null);

    Inbox<OffsetFetchResponseGroup> inbox =
        bench.ask(reply -> bench.shard().fetch(all, false, reply));

    assertThat(inbox.get().topics()).hasSize(1);
    assertThat(inbox.get().topics().get(0).name()).isEqualTo("t");
  }

  @Test
  void anOffsetOfAnOpenTransactionIsUnstableUntilItEnds() {
    commit("", -1, 5);
    OffsetCommitted record = (OffsetCommitted) bench.log.get(0);
    CommittedOffset ten = new CommittedOffset(10, -1, "", bench.wallMs(), -1, Uuid.ZERO_UUID);
    bench.shard().replay(77, (short) 1, new OffsetCommitted("g", record.partition(), ten));

    assertThat(fetch(true).errorCode()).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT.code());
    assertThat(fetch(false).committedOffset()).isEqualTo(5);
    bench.shard().replayEndMarker(77, (short) 1, true);
    assertThat(fetch(true).committedOffset()).isEqualTo(10);
  }

  @Test
  void anAbortedTransactionLeavesTheOffset() {
    commit("", -1, 5);
    OffsetCommitted record = (OffsetCommitted) bench.log.get(0);
    CommittedOffset ten = new CommittedOffset(10, -1, "", bench.wallMs(), -1, Uuid.ZERO_UUID);
    bench.shard().replay(77, (short) 1, new OffsetCommitted("g", record.partition(), ten));
    bench.shard().replayEndMarker(77, (short) 1, false);

    assertThat(fetch(true).committedOffset()).isEqualTo(5);
  }

  @Test
  void offsetsAreThereAfterAFailOver() {
    String id = stableMember("t");
    commit(id, 1, 5);

    bench.failOver();

    assertThat(fetched()).isEqualTo(5);
    assertThat(commit(id, 1, 6)).isEqualTo(Errors.NONE);
  }

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
