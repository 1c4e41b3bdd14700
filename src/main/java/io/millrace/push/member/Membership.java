package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;

/**
 * Which member of which generation it is, and the requests that say so. Confined to: its member.
 */
final class Membership {
  private static final String PROTOCOL_TYPE = "consumer";
  private static final int NO_GENERATION = -1;

  private final MemberOptions options;
  private String memberId = "";
  private int generation = NO_GENERATION;
  private String protocol = "";
  private boolean leads;

  Membership(MemberOptions options) {
    this.options = options;
  }

  boolean hasId() {
    return !memberId.isEmpty();
  }

  void giveId(String id) {
    memberId = id;
  }

  void forgetId() {
    memberId = "";
    generation = NO_GENERATION;
    leads = false;
  }

  void joined(JoinGroupResponseData answer) {
    memberId = answer.memberId();
    generation = answer.generationId();
    protocol = answer.protocolName();
    leads = answer.leader().equals(memberId);
  }

  int generation() {
    return generation;
  }

  String protocol() {
    return protocol;
  }

  boolean leads() {
    return leads;
  }

  ConsumerGroupMetadata metadata() {
    return new ConsumerGroupMetadata(
        options.group(), generation, memberId, Optional.ofNullable(options.instance()));
  }

  JoinGroupRequestData join(JoinGroupRequestProtocolCollection protocols, String reason) {
    return new JoinGroupRequestData()
        .setGroupId(options.group())
        .setMemberId(memberId)
        .setGroupInstanceId(options.instance())
        .setSessionTimeoutMs(options.times().sessionMs())
        .setRebalanceTimeoutMs(options.times().rebalanceMs())
        .setProtocolType(PROTOCOL_TYPE)
        .setProtocols(protocols)
        .setReason(reason);
  }

  SyncGroupRequestData sync(List<SyncGroupRequestAssignment> assignments) {
    return new SyncGroupRequestData()
        .setGroupId(options.group())
        .setMemberId(memberId)
        .setGroupInstanceId(options.instance())
        .setGenerationId(generation)
        .setProtocolType(PROTOCOL_TYPE)
        .setProtocolName(protocol)
        .setAssignments(assignments);
  }

  HeartbeatRequestData heartbeat() {
    return new HeartbeatRequestData()
        .setGroupId(options.group())
        .setMemberId(memberId)
        .setGroupInstanceId(options.instance())
        .setGenerationId(generation);
  }

  LeaveGroupRequestData leave(String reason) {
    MemberIdentity identity =
        new MemberIdentity()
            .setMemberId(memberId)
            .setGroupInstanceId(options.instance())
            .setReason(reason);
    return new LeaveGroupRequestData().setGroupId(options.group()).setMembers(List.of(identity));
  }

  OffsetFetchRequestData fetch(Collection<TopicPartition> partitions) {
    Map<String, OffsetFetchRequestTopics> topics = new TreeMap<>();
    for (TopicPartition partition : partitions) {
      topics
          .computeIfAbsent(
              partition.topic(),
              name ->
                  new OffsetFetchRequestTopics()
                      .setName(name)
                      .setPartitionIndexes(new ArrayList<>()))
          .partitionIndexes()
          .add(partition.partition());
    }
    OffsetFetchRequestGroup group =
        new OffsetFetchRequestGroup()
            .setGroupId(options.group())
            .setMemberId(null)
            .setMemberEpoch(NO_GENERATION)
            .setTopics(List.copyOf(topics.values()));
    // A commit inside an open transaction may be about to move the offset (KIP-447).
    return new OffsetFetchRequestData().setGroups(List.of(group)).setRequireStable(true);
  }

  OffsetCommitRequestData commit(Map<TopicPartition, OffsetCommitRequestPartition> partitions) {
    Map<String, OffsetCommitRequestTopic> topics = new TreeMap<>();
    partitions.forEach(
        (partition, offset) ->
            topics
                .computeIfAbsent(
                    partition.topic(), name -> new OffsetCommitRequestTopic().setName(name))
                .partitions()
                .add(offset));
    return new OffsetCommitRequestData()
        .setGroupId(options.group())
        .setMemberId(memberId)
        .setGroupInstanceId(options.instance())
        .setGenerationIdOrMemberEpoch(generation)
        .setTopics(List.copyOf(topics.values()));
  }
}
