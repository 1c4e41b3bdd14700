package io.millrace.push.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicPartition;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.Fetch;
import io.millrace.push.member.MemberEffect.Heartbeat;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Sync;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A member of the group, and what the coordinator answers it. Confined to: the test's thread. */
abstract class GroupMemberFixture {
  static final TopicPartition P0 = new TopicPartition("orders", 0);
  static final TopicPartition P1 = new TopicPartition("orders", 1);
  static final String RANGE = "range";
  static final String COOPERATIVE = "cooperative-sticky";

  GroupMember member = member(null);
  List<MemberEffect> effects = List.of();
  long nowMs = 1_000;

  static GroupMember member(String instance) {
    return new GroupMember(
        new MemberOptions("g", instance, List.of("orders"), MemberOptions.Times.DEFAULTS),
        topic -> 2);
  }

  <T extends MemberEffect> T only(Class<T> type) {
    List<T> found = effects.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as("%s in %s", type.getSimpleName(), effects).hasSize(1);
    return found.get(0);
  }

  boolean has(Class<? extends MemberEffect> type) {
    return effects.stream().anyMatch(type::isInstance);
  }

  static JoinGroupResponseData generation(int number, String protocol) {
    return new JoinGroupResponseData()
        .setMemberId("me")
        .setLeader("other")
        .setGenerationId(number)
        .setProtocolName(protocol);
  }

  void joins(int generation, String protocol, TopicPartition... assigned) {
    int call = only(Join.class).call();
    effects = member.joined(call, generation(generation, protocol), nowMs);
    List<org.apache.kafka.common.TopicPartition> share =
        Arrays.stream(assigned)
            .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
            .toList();
    byte[] bytes = ConsumerProtocol.serializeAssignment(new Assignment(share)).array();
    effects =
        member.synced(
            only(Sync.class).call(), new SyncGroupResponseData().setAssignment(bytes), nowMs);
  }

  void startsWith(String protocol, TopicPartition... assigned) {
    effects = member.start(nowMs);
    joins(1, protocol, assigned);
  }

  void begins(long committed, TopicPartition... partitions) {
    OffsetFetchResponseTopics topic = new OffsetFetchResponseTopics().setName("orders");
    for (TopicPartition partition : partitions) {
      topic
          .partitions()
          .add(
              new OffsetFetchResponsePartitions()
                  .setPartitionIndex(partition.partition())
                  .setCommittedOffset(committed)
                  .setCommittedLeaderEpoch(3));
    }
    OffsetFetchResponseGroup group = new OffsetFetchResponseGroup().setTopics(List.of(topic));
    effects =
        member.fetched(
            only(Fetch.class).call(),
            new OffsetFetchResponseData().setGroups(List.of(group)),
            nowMs);
  }

  void heartbeat(Errors answer) {
    nowMs = member.nextTickMs();
    effects = member.tick(nowMs);
    heartbeatAnswered(answer);
  }

  void heartbeatAnswered(Errors answer) {
    effects =
        member.heartbeatAnswered(
            only(Heartbeat.class).call(),
            new HeartbeatResponseData().setErrorCode(answer.code()),
            nowMs);
  }

  void commitAnswered(Commit commit, Errors answer) {
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    commit
        .request()
        .topics()
        .forEach(
            topic -> {
              OffsetCommitResponseTopic results =
                  new OffsetCommitResponseTopic().setName(topic.name());
              topic
                  .partitions()
                  .forEach(
                      p ->
                          results
                              .partitions()
                              .add(
                                  new OffsetCommitResponsePartition()
                                      .setPartitionIndex(p.partitionIndex())
                                      .setErrorCode(answer.code())));
              response.topics().add(results);
            });
    effects = member.committed(commit.call(), response, nowMs);
  }

  static OffsetCommitRequestPartition committed(Commit commit) {
    return commit.request().topics().get(0).partitions().get(0);
  }
}
