package io.millrace.cli.segment;

import io.millrace.cli.tool.JsonText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.Record;

/**
 * Decodes the records of {@code __transaction_state} to the JSON of Kafka's tool: the schemas
 * TransactionLogKey (0) and TransactionLogValue (0 and 1, without its tagged fields). Stateless.
 */
public final class TransactionsDecoder implements RecordDecoder {
  @Override
  public Decoded decode(Record record) {
    try {
      ByteBufferAccessor key = new ByteBufferAccessor(record.key());
      short type = key.readShort();
      if (type != 0) {
        return new Decoded(
            Optional.of(
                "Unknown record type " + type + " at offset " + record.offset() + ", skipping."),
            Optional.empty());
      }
      Map<String, Object> keyData = Map.of("transactionalId", key.readString(key.readShort()));
      Optional<String> value = Optional.of("<DELETE>");
      if (record.hasValue()) {
        ByteBuffer bytes = record.value();
        short version = bytes.getShort(bytes.position());
        value = Optional.of(entry("version", version, data(new ByteBufferAccessor(bytes))));
      }
      return new Decoded(Optional.of(entry("type", type, keyData)), value);
    } catch (RuntimeException e) {
      String why = "Error at offset " + record.offset() + ", skipping. " + e.getMessage();
      return new Decoded(Optional.of(why), Optional.empty());
    }
  }

  private static String entry(String name, short number, Map<String, Object> data) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put(name, String.valueOf(number));
    entry.put("data", data);
    return JsonText.line(entry);
  }

  private static Map<String, Object> data(ByteBufferAccessor in) {
    boolean compact = in.readShort() >= 1;
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("producerId", in.readLong());
    data.put("producerEpoch", in.readShort());
    data.put("transactionTimeoutMs", in.readInt());
    data.put("transactionStatus", in.readByte());
    data.put("transactionPartitions", partitions(in, compact));
    data.put("transactionLastUpdateTimestampMs", in.readLong());
    data.put("transactionStartTimestampMs", in.readLong());
    return data;
  }

  private static @org.jspecify.annotations.Nullable List<Object> partitions(
      ByteBufferAccessor in, boolean compact) {
    int count = length(in, compact);
    if (count < 0) {
      return null;
    }
    List<Object> topics = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> topic = new LinkedHashMap<>();
      int nameBytes = compact ? in.readUnsignedVarint() - 1 : in.readShort();
      topic.put("topic", in.readString(nameBytes));
      List<Integer> numbers = new ArrayList<>();
      int partitions = length(in, compact);
      for (int p = 0; p < partitions; p++) {
        numbers.add(in.readInt());
      }
      topic.put("partitionIds", numbers);
      if (compact) {
        skipTags(in);
      }
      topics.add(topic);
    }
    return topics;
  }

  private static int length(ByteBufferAccessor in, boolean compact) {
    int length = compact ? in.readUnsignedVarint() - 1 : in.readInt();
    if (length > in.remaining()) {
      throw new IllegalArgumentException("an array of " + length);
    }
    return length;
  }

  private static void skipTags(ByteBufferAccessor in) {
    int count = in.readUnsignedVarint();
    for (int i = 0; i < count; i++) {
      in.readUnsignedVarint();
      in.readArray(in.readUnsignedVarint());
    }
  }
}
