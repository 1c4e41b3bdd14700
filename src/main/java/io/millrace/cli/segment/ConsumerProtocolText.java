package io.millrace.cli.segment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** What consumers tell each other within a group, as values for JSON. Stateless. */
final class ConsumerProtocolText {
  private ConsumerProtocolText() {}

  /** A subscription; the bytes themselves when they are none. */
  static Object subscription(byte[] bytes) {
    return read(
        bytes,
        (in, version) -> {
          var said = new ConsumerProtocolSubscription(in, version);
          Map<String, Object> data = new LinkedHashMap<>();
          data.put("topics", said.topics());
          data.put("userData", binary(said.userData()));
          if (version >= 1) {
            List<Object> owned = new ArrayList<>();
            said.ownedPartitions().forEach(one -> owned.add(topic(one.topic(), one.partitions())));
            data.put("ownedPartitions", owned);
          }
          if (version >= 2) {
            data.put("generationId", said.generationId());
          }
          if (version >= 3) {
            data.put("rackId", said.rackId());
          }
          return data;
        });
  }

  /** An assignment; the bytes themselves when they are none. */
  static Object assignment(byte[] bytes) {
    return read(
        bytes,
        (in, version) -> {
          var said = new ConsumerProtocolAssignment(in, version);
          Map<String, Object> data = new LinkedHashMap<>();
          List<Object> assigned = new ArrayList<>();
          said.assignedPartitions()
              .forEach(one -> assigned.add(topic(one.topic(), one.partitions())));
          data.put("assignedPartitions", assigned);
          data.put("userData", binary(said.userData()));
          return data;
        });
  }

  private static Object read(byte[] bytes, BiFunction<Readable, Short, Object> reader) {
    try {
      ByteBufferAccessor in = new ByteBufferAccessor(ByteBuffer.wrap(bytes));
      return reader.apply(in, in.readShort());
    } catch (RuntimeException e) {
      // Some clients put bytes of their own there: those are shown.
      return bytes;
    }
  }

  private static Map<String, Object> topic(String name, List<Integer> partitions) {
    Map<String, Object> topic = new LinkedHashMap<>();
    topic.put("topic", name);
    topic.put("partitions", partitions);
    return topic;
  }

  private static byte @Nullable [] binary(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : Utils.toArray(buffer);
  }
}
