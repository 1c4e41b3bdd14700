package io.millrace.coordinator.group;

import io.millrace.coordinator.group.ShardBench.Inbox;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.Errors;

/** Commits and fetches of one group. Confined to: the test's thread. */
abstract class GroupOffsetsFixture {
  static final long RETENTION_MS = 7L * 24 * 3_600_000;
  static final long CHECK_MS = 600_000;
  static final short NEWEST = 10;

  final ShardBench bench = new ShardBench();

  static OffsetCommitRequestData request(String memberId, int generation, long offset) {
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

  Errors commit(OffsetCommitRequestData request, short version) {
    return commit(bench, request, version);
  }

  static Errors commit(ShardBench to, OffsetCommitRequestData request, short version) {
    Inbox<OffsetCommitResponseData> inbox =
        to.ask(reply -> to.shard().commit(version, request, reply));
    return Errors.forCode(inbox.get().topics().get(0).partitions().get(0).errorCode());
  }

  Errors commit(String memberId, int generation, long offset) {
    return commit(request(memberId, generation, offset), NEWEST);
  }

  OffsetFetchResponsePartitions fetch(boolean stable) {
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

  long fetched() {
    return fetch(false).committedOffset();
  }

  String stableMember(String... topics) {
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
}
