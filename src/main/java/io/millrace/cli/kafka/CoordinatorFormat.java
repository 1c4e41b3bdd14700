package io.millrace.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.PrintStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Prints records of {@code __consumer_offsets}, by the schemas OffsetCommitKey and -Value,
 * GroupMetadataKey and -Value in versions 0 to 4. Records of other types are passed over. Confined
 * to: the main thread.
 */
final class CoordinatorFormat implements RecordFormat {
  private static final int GROUP = 2;
  private static final int COMPACT_SINCE = 4;

  /** The types of keys of records that tell an offset. */
  static final Set<Integer> OFFSETS = Set.of(0, 1);

  /** Those of records that tell a group. */
  static final Set<Integer> GROUPS = Set.of(GROUP);

  private final Set<Integer> types;
  private final Function<Map<String, Object>, String> text;

  private CoordinatorFormat(Set<Integer> types, Function<Map<String, Object>, String> text) {
    this.types = types;
    this.text = text;
  }

  /**
   * As Kafka has it since 4.0, JSON without anything between records; on a terminal each has a line
   * of its own.
   */
  static CoordinatorFormat json(Set<Integer> types, Shell shell) {
    String end = shell.outIsTerminal() ? "\n" : "";
    return new CoordinatorFormat(types, record -> JsonText.line(record) + end);
  }

  /** As Kafka had it before, lines of its own words. */
  static CoordinatorFormat lines(Set<Integer> types) {
    return new CoordinatorFormat(types, CoordinatorLine::of);
  }

  @Override
  public void print(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
    if (record.key() == null) {
      return;
    }
    try {
      Map<String, Object> json = json(record.key(), record.value());
      if (!json.isEmpty()) {
        byte[] printed = text.apply(json).getBytes(UTF_8);
        out.write(printed, 0, printed.length);
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw ToolException.failed(
              "Could not read record at offset " + record.offset() + " due to: " + e)
          .because(e);
    }
  }

  private Map<String, Object> json(byte[] key, byte @Nullable [] value) {
    Map<String, Object> json = new LinkedHashMap<>();
    Wire in = new Wire(key);
    int type = in.version;
    if (types.contains(type)) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("group", in.text());
      if (type != GROUP) {
        data.put("topic", in.text());
        data.put("partition", in.bytes.readInt());
      }
      json.put("key", ordered("type", type, "data", data));
      json.put("value", value == null ? null : value(type, new Wire(value)));
    }
    return json;
  }

  private static Map<String, Object> value(int type, Wire in) {
    return ordered("version", in.version, "data", type == GROUP ? group(in) : offset(in));
  }

  private static Map<String, Object> ordered(String name, Object value, String other, Object data) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    ordered.put(name, value);
    ordered.put(other, data);
    return ordered;
  }

  private static Map<String, Object> offset(Wire in) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("offset", in.bytes.readLong());
    if (in.version >= 3) {
      data.put("leaderEpoch", in.bytes.readInt());
    }
    data.put("metadata", in.text());
    data.put("commitTimestamp", in.bytes.readLong());
    if (in.version == 1) {
      data.put("expireTimestamp", in.bytes.readLong());
    }
    if (in.version >= COMPACT_SINCE && in.bytes.readUnsignedVarint() > 0) {
      in.bytes.readUnsignedVarint(); // the tag of the only such field
      in.bytes.readUnsignedVarint(); // its size
      data.put("topicId", new Uuid(in.bytes.readLong(), in.bytes.readLong()).toString());
    }
    return data;
  }

  private static Map<String, Object> group(Wire in) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("protocolType", in.text());
    data.put("generation", in.bytes.readInt());
    data.put("protocol", in.text());
    data.put("leader", in.text());
    if (in.version >= 2) {
      data.put("currentStateTimestamp", in.bytes.readLong());
    }
    int count = in.length(Integer.BYTES);
    List<Object> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(member(in));
    }
    data.put("members", members);
    return data;
  }

  private static Map<String, Object> member(Wire in) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("memberId", in.text());
    if (in.version >= 3) {
      data.put("groupInstanceId", in.text());
    }
    data.put("clientId", in.text());
    data.put("clientHost", in.text());
    if (in.version >= 1) {
      data.put("rebalanceTimeout", in.bytes.readInt());
    }
    data.put("sessionTimeout", in.bytes.readInt());
    data.put("subscription", in.base64());
    data.put("assignment", in.base64());
    if (in.version >= COMPACT_SINCE) {
      in.bytes.readUnsignedVarint();
    }
    return data;
  }

  /** Bytes behind their version, which decides how lengths are written. */
  private static final class Wire {
    private final ByteBufferAccessor bytes;
    private final int version;
    private final boolean compact;

    Wire(byte[] written) {
      bytes = new ByteBufferAccessor(ByteBuffer.wrap(written));
      version = bytes.readShort();
      compact = version >= COMPACT_SINCE;
    }

    private int length(int plainBytes) {
      if (compact) {
        return bytes.readUnsignedVarint() - 1;
      }
      return plainBytes == Short.BYTES ? bytes.readShort() : bytes.readInt();
    }

    private @Nullable String text() {
      int length = length(Short.BYTES);
      return length < 0 ? null : bytes.readString(length);
    }

    private @Nullable String base64() {
      int length = length(Integer.BYTES);
      return length < 0 ? null : Base64.getEncoder().encodeToString(bytes.readArray(length));
    }
  }
}
