package io.millrace.cli.segment;

import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.ToolException;
import io.millrace.coordinator.group.CommittedOffset;
import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.PassedOver;
import io.millrace.coordinator.group.GroupRecord.Snapshot;
import io.millrace.coordinator.group.GroupRecord.StoredMember;
import io.millrace.coordinator.group.GroupRecordCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Record;

/** Decodes the records of {@code __consumer_offsets} to the JSON of Kafka's tool. Immutable. */
public final class OffsetsDecoder implements RecordDecoder {
  private final GroupRecordCodec codec = new GroupRecordCodec();

  @Override
  public Decoded decode(Record record) {
    if (!record.hasKey()) {
      throw ToolException.failed(
          "Failed to decode message at offset "
              + record.offset()
              + " using the specified decoder (message had a missing key)");
    }
    ByteBuffer value = record.hasValue() ? record.value() : null;
    short type = record.key().getShort(record.key().position());
    GroupRecord decoded = codec.decode(record.key(), value);
    if (decoded instanceof PassedOver unknown) {
      String why =
          unknown.reason().equals("unknown type")
              ? "Unknown record type " + type + " at offset " + record.offset() + ", skipping."
              : "Error at offset " + record.offset() + ", skipping. " + unknown.reason();
      return new Decoded(Optional.of(why), Optional.empty());
    }
    Optional<String> text = Optional.of("<DELETE>");
    if (value != null) {
      short version = value.getShort(value.position());
      text = Optional.of(entry("version", version, data(decoded, version)));
    }
    return new Decoded(Optional.of(entry("type", type, key(decoded))), text);
  }

  private static String entry(String name, short number, Map<String, Object> data) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put(name, String.valueOf(number));
    entry.put("data", data);
    return JsonText.line(entry);
  }

  private static Map<String, Object> key(GroupRecord decoded) {
    Map<String, Object> data = new LinkedHashMap<>();
    if (decoded instanceof OffsetCommitted committed) {
      put(data, committed.groupId(), committed.partition());
    } else if (decoded instanceof GroupRecord.OffsetRemoved removed) {
      put(data, removed.groupId(), removed.partition());
    } else if (decoded instanceof GroupStored stored) {
      data.put("group", stored.groupId());
    } else if (decoded instanceof GroupRecord.GroupRemoved removed) {
      data.put("group", removed.groupId());
    }
    return data;
  }

  private static void put(
      Map<String, Object> data, String group, io.millrace.model.TopicPartition partition) {
    data.put("group", group);
    data.put("topic", partition.topic());
    data.put("partition", partition.partition());
  }

  private static Map<String, Object> data(GroupRecord decoded, short version) {
    if (decoded instanceof OffsetCommitted committed) {
      return offset(committed.offset(), version);
    }
    return decoded instanceof GroupStored stored ? group(stored.group(), version) : Map.of();
  }

  private static Map<String, Object> offset(CommittedOffset offset, short version) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("offset", offset.offset());
    if (version >= 3) {
      data.put("leaderEpoch", offset.leaderEpoch());
    }
    data.put("metadata", offset.metadata());
    data.put("commitTimestamp", offset.commitTimeMs());
    if (version == 1) {
      data.put("expireTimestamp", offset.expireTimeMs());
    }
    if (!offset.topicId().equals(Uuid.ZERO_UUID)) {
      data.put("topicId", offset.topicId().toString());
    }
    return data;
  }

  private static Map<String, Object> group(Snapshot group, short version) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("protocolType", group.protocolType());
    data.put("generation", group.generation());
    data.put("protocol", group.protocol());
    data.put("leader", group.leader());
    if (version >= 2) {
      data.put("currentStateTimestamp", group.stateSinceMs());
    }
    boolean consumers = group.protocolType().equals("consumer");
    List<Object> members = new ArrayList<>();
    group.members().forEach(one -> members.add(member(one, version, consumers)));
    data.put("members", members);
    return data;
  }

  private static Map<String, Object> member(StoredMember one, short version, boolean consumer) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("memberId", one.memberId());
    if (version >= 3) {
      data.put("groupInstanceId", one.instanceId());
    }
    data.put("clientId", one.clientId());
    data.put("clientHost", one.clientHost());
    if (version >= 1) {
      data.put("rebalanceTimeout", one.rebalanceTimeoutMs());
    }
    data.put("sessionTimeout", one.sessionTimeoutMs());
    data.put(
        "subscription",
        consumer ? ConsumerProtocolText.subscription(one.subscription()) : one.subscription());
    data.put(
        "assignment",
        consumer ? ConsumerProtocolText.assignment(one.assignment()) : one.assignment());
    return data;
  }
}
