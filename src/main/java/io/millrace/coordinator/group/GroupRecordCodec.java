package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.GroupRemoved;
import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.group.GroupRecord.PassedOver;
import io.millrace.coordinator.group.GroupRecord.Snapshot;
import io.millrace.coordinator.group.GroupRecord.StoredMember;
import io.millrace.coordinator.shard.RecordCodec;
import io.millrace.model.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's record format of {@code __consumer_offsets}: the schemas OffsetCommitKey (0, 1),
 * OffsetCommitValue (0 to 4), GroupMetadataKey (2) and GroupMetadataValue (0 to 4).
 *
 * <p>Writes offsets in version 3, which every reader of that topic since Kafka 2.1 knows, monitors
 * of lag among them; in version 4 when the client named the topic by its id, which older versions
 * have no place for; in version 1 when the commit brought an expiry of its own. Groups in version
 * 3. Immutable.
 */
public final class GroupRecordCodec implements RecordCodec<GroupRecord> {
  private static final short OFFSET_KEY_OLD = 0;
  private static final short OFFSET_KEY = 1;
  private static final short GROUP_KEY = 2;
  private static final short OFFSET_VALUE_WITH_EXPIRY = 1;
  private static final short OFFSET_VALUE = 3;
  private static final short OFFSET_VALUE_WITH_TOPIC_ID = 4;
  private static final short GROUP_VALUE = 3;
  private static final short VERSION_MAX = 4;
  private static final int TOPIC_ID_TAG = 0;
  private static final int UUID_BYTES = 16;

  @Override
  public Encoded encode(GroupRecord record) {
    // Sealed, and instanceof because pattern switches came after Java 17.
    if (record instanceof OffsetCommitted committed) {
      return new Encoded(
          offsetKey(committed.groupId(), committed.partition()), offsetValue(committed.offset()));
    }
    if (record instanceof OffsetRemoved removed) {
      return new Encoded(offsetKey(removed.groupId(), removed.partition()), null);
    }
    if (record instanceof GroupStored stored) {
      return new Encoded(groupKey(stored.groupId()), groupValue(stored.group()));
    }
    if (record instanceof GroupRemoved removed) {
      return new Encoded(groupKey(removed.groupId()), null);
    }
    throw new IllegalArgumentException("not a record to write: " + record);
  }

  private static byte[] offsetKey(String groupId, TopicPartition partition) {
    return new WireWriter()
        .int16(OFFSET_KEY)
        .string(groupId)
        .string(partition.topic())
        .int32(partition.partition())
        .toBytes();
  }

  private static byte[] groupKey(String groupId) {
    return new WireWriter().int16(GROUP_KEY).string(groupId).toBytes();
  }

  private static byte[] offsetValue(CommittedOffset offset) {
    if (offset.expireTimeMs() >= 0) {
      return new WireWriter()
          .int16(OFFSET_VALUE_WITH_EXPIRY)
          .int64(offset.offset())
          .string(offset.metadata())
          .int64(offset.commitTimeMs())
          .int64(offset.expireTimeMs())
          .toBytes();
    }
    if (offset.topicId().equals(Uuid.ZERO_UUID)) {
      return new WireWriter()
          .int16(OFFSET_VALUE)
          .int64(offset.offset())
          .int32(offset.leaderEpoch())
          .string(offset.metadata())
          .int64(offset.commitTimeMs())
          .toBytes();
    }
    return new WireWriter()
        .int16(OFFSET_VALUE_WITH_TOPIC_ID)
        .int64(offset.offset())
        .int32(offset.leaderEpoch())
        .compactString(offset.metadata())
        .int64(offset.commitTimeMs())
        .unsignedVarint(1)
        .unsignedVarint(TOPIC_ID_TAG)
        .unsignedVarint(UUID_BYTES)
        .int64(offset.topicId().getMostSignificantBits())
        .int64(offset.topicId().getLeastSignificantBits())
        .toBytes();
  }

  private static byte[] groupValue(Snapshot group) {
    WireWriter out =
        new WireWriter()
            .int16(GROUP_VALUE)
            .string(group.protocolType())
            .int32(group.generation())
            .nullableString(group.protocol())
            .nullableString(group.leader())
            .int64(group.stateSinceMs())
            .int32(group.members().size());
    for (StoredMember member : group.members()) {
      out.string(member.memberId())
          .nullableString(member.instanceId())
          .string(member.clientId())
          .string(member.clientHost())
          .int32(member.rebalanceTimeoutMs())
          .int32(member.sessionTimeoutMs())
          .bytes(member.subscription())
          .bytes(member.assignment());
    }
    return out.toBytes();
  }

  @Override
  public GroupRecord decode(ByteBuffer key, @Nullable ByteBuffer value) {
    int type = -1;
    try {
      WireReader in = new WireReader(key);
      type = in.int16();
      return switch (type) {
        case OFFSET_KEY_OLD, OFFSET_KEY -> decodeOffset(in, value);
        case GROUP_KEY -> decodeGroup(in, value);
        default -> new PassedOver(type, "unknown type");
      };
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return new PassedOver(type, "unreadable: " + e);
    }
  }

  private static GroupRecord decodeOffset(WireReader key, @Nullable ByteBuffer value) {
    String groupId = key.string();
    TopicPartition partition = new TopicPartition(key.string(), key.int32());
    if (value == null) {
      return new OffsetRemoved(groupId, partition);
    }
    WireReader in = new WireReader(value);
    int version = in.int16();
    if (version < 0 || version > VERSION_MAX) {
      return new PassedOver(OFFSET_KEY, "unknown version " + version + " of an offset");
    }
    long offset = in.int64();
    int leaderEpoch = version >= 3 ? in.int32() : -1;
    String metadata = version >= 4 ? in.compactString() : in.string();
    long commitTimeMs = in.int64();
    long expireTimeMs = version == OFFSET_VALUE_WITH_EXPIRY ? in.int64() : -1;
    Uuid topicId = version >= 4 ? topicIdTag(in) : Uuid.ZERO_UUID;
    return new OffsetCommitted(
        groupId,
        partition,
        new CommittedOffset(offset, leaderEpoch, metadata, commitTimeMs, expireTimeMs, topicId));
  }

  private static Uuid topicIdTag(WireReader in) {
    Uuid[] topicId = {Uuid.ZERO_UUID};
    in.taggedFields(
        (tag, field) -> {
          if (tag == TOPIC_ID_TAG) {
            topicId[0] = new Uuid(field.int64(), field.int64());
          }
        });
    return topicId[0];
  }

  private static GroupRecord decodeGroup(WireReader key, @Nullable ByteBuffer value) {
    String groupId = key.string();
    if (value == null) {
      return new GroupRemoved(groupId);
    }
    WireReader in = new WireReader(value);
    int version = in.int16();
    if (version < 0 || version > VERSION_MAX) {
      return new PassedOver(GROUP_KEY, "unknown version " + version + " of a group");
    }
    boolean compact = version >= 4;
    String protocolType = in.string(compact);
    int generation = in.int32();
    String protocol = in.nullableString(compact);
    String leader = in.nullableString(compact);
    long stateSinceMs = version >= 2 ? in.int64() : -1;
    int count = in.arrayLength(compact);
    List<StoredMember> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(decodeMember(in, version, compact));
    }
    return new GroupStored(
        groupId,
        new Snapshot(
            protocolType, generation, protocol, leader, stateSinceMs, List.copyOf(members)));
  }

  private static StoredMember decodeMember(WireReader in, int version, boolean compact) {
    String memberId = in.string(compact);
    String instanceId = version >= 3 ? in.nullableString(compact) : null;
    String clientId = in.string(compact);
    String clientHost = in.string(compact);
    int rebalanceTimeoutMs = version >= 1 ? in.int32() : -1;
    int sessionTimeoutMs = in.int32();
    byte[] subscription = in.bytes(compact);
    byte[] assignment = in.bytes(compact);
    if (compact) {
      in.taggedFields((tag, field) -> {});
    }
    return new StoredMember(
        memberId,
        instanceId,
        clientId,
        clientHost,
        // Before version 1 the session timeout was the limit of a rebalance as well.
        rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
        sessionTimeoutMs,
        subscription,
        assignment);
  }
}
