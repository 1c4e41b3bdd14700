package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.ShardBench.Inbox;
import io.millrace.record.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Committed offsets: who may commit, and what is fetched. */
class GroupOffsetsTest extends GroupOffsetsFixture {

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
}
