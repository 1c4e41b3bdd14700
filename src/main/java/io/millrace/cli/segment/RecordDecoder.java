package io.millrace.cli.segment;

import io.millrace.cli.tool.ToolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/** Makes texts of the key and the value of a record. Stateless unless its class says otherwise. */
public interface RecordDecoder {
  /**
   * The texts of a record.
   *
   * @param key empty when the record has none
   * @param value empty when the record has none
   */
  record Decoded(Optional<String> key, Optional<String> value) {}

  /** The texts of a record. */
  Decoded decode(Record record);

  /** Makes a text of a key or a value alone. */
  interface Part {
    /** The text. */
    String text(byte[] bytes);
  }

  /** Keys by one part, values by another. */
  static RecordDecoder of(Part keys, Part values) {
    return record ->
        new Decoded(
            Optional.ofNullable(bytes(record.key())).map(keys::text),
            Optional.ofNullable(bytes(record.value())).map(values::text));
  }

  private static byte @org.jspecify.annotations.Nullable [] bytes(
      @org.jspecify.annotations.Nullable ByteBuffer buffer) {
    return buffer == null ? null : Utils.readBytes(buffer);
  }

  /** Text in UTF-8. */
  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * A part by the name of a class: one of Kafka's decoders, by the names of all eras, or a
   * deserializer.
   *
   * @throws ToolException when there is no such class
   */
  static Part named(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    boolean ofKafka =
        name.equals(simple)
            || name.startsWith("kafka.serializer.")
            || name.startsWith("org.apache.kafka.tools.api.");
    if (ofKafka) {
      switch (simple.toLowerCase(Locale.ROOT)) {
        case "stringdecoder" -> {
          return RecordDecoder::utf8;
        }
        case "defaultdecoder" -> {
          return HexFormat.of()::formatHex;
        }
        case "integerdecoder" -> {
          return bytes -> String.valueOf(ByteBuffer.wrap(bytes).getInt());
        }
        case "longdecoder" -> {
          return bytes -> String.valueOf(ByteBuffer.wrap(bytes).getLong());
        }
        default -> {
          // Perhaps a class of somebody else.
        }
      }
    }
    return deserializer(name);
  }

  private static Part deserializer(String name) {
    try {
      Object made = Class.forName(name).getDeclaredConstructor().newInstance();
      if (made instanceof Deserializer<?> deserializer) {
        return bytes -> String.valueOf(deserializer.deserialize("", bytes));
      }
    } catch (ReflectiveOperationException e) {
      throw unknown(name).because(e);
    }
    throw unknown(name);
  }

  private static ToolException unknown(String name) {
    return ToolException.wrongUsage("There is no decoder " + name)
        .hint(
            "Write StringDecoder, IntegerDecoder, LongDecoder, DefaultDecoder, or a class on the"
                + " class path that implements Kafka's Deserializer.");
  }
}
