package io.millrace.coordinator.group;

import io.millrace.model.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record of {@code __consumer_offsets}, decoded. Immutable. */
public sealed interface GroupRecord {

  /** Kafka's OffsetCommitKey with an OffsetCommitValue. */
  record OffsetCommitted(String groupId, TopicPartition partition, CommittedOffset offset)
      implements GroupRecord {}

  /** Tombstone of an OffsetCommitKey. */
  record OffsetRemoved(String groupId, TopicPartition partition) implements GroupRecord {}

  /** Kafka's GroupMetadataKey with a GroupMetadataValue. */
  record GroupStored(String groupId, Snapshot group) implements GroupRecord {}

  /** Tombstone of a GroupMetadataKey. */
  record GroupRemoved(String groupId) implements GroupRecord {}

  /**
   * A record that this version does not know, kept in the partition and passed over by replay.
   *
   * @param type version number of the key; -1 when there is no readable key
   * @param reason why it was passed over, for the log
   */
  record PassedOver(int type, String reason) implements GroupRecord {}

  /**
   * What is durable of a group.
   *
   * @param protocolType class of the group's protocol, {@code consumer} for consumers; empty for a
   *     group that only commits
   * @param generation the generation, from 0
   * @param protocol name of the chosen protocol (assignor); null without members
   * @param leader member id of the leader; null without members
   * @param stateSinceMs wall-clock time in ms since when the group is in its state; -1 unknown
   * @param members the members and their assignments
   */
  record Snapshot(
      String protocolType,
      int generation,
      @Nullable String protocol,
      @Nullable String leader,
      long stateSinceMs,
      List<StoredMember> members) {}

  /**
   * What is durable of a member.
   *
   * @param instanceId {@code group.instance.id} of a static member (KIP-345), else null
   * @param subscription its metadata for the chosen protocol
   * @param assignment what the leader assigned to it
   */
  record StoredMember(
      String memberId,
      @Nullable String instanceId,
      String clientId,
      String clientHost,
      int rebalanceTimeoutMs,
      int sessionTimeoutMs,
      byte[] subscription,
      byte[] assignment) {}
}
