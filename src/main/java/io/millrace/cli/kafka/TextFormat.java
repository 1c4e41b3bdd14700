package io.millrace.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.tool.ToolException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Prints the fields of a record that were asked for, in the order of Kafka's default formatter.
 * Unlike its releases up to 4.4 it knows the leader epoch. Confined to: the main thread.
 */
final class TextFormat implements RecordFormat {
  /** A field of the line, without what follows it. */
  private interface Column {
    void print(ConsumerRecord<byte[], byte[]> record, PrintStream out);
  }

  private final List<Column> columns = new ArrayList<>();
  private final boolean endsLine;
  private final byte[] separator;
  private final byte[] lineSeparator;
  private final byte[] headersSeparator;
  private final byte[] nullLiteral;
  private final @Nullable Deserializer<?> headerDeserializer;

  private TextFormat(Map<String, String> properties) {
    separator = properties.getOrDefault("key.separator", "\t").getBytes(UTF_8);
    lineSeparator = properties.getOrDefault("line.separator", "\n").getBytes(UTF_8);
    headersSeparator = properties.getOrDefault("headers.separator", ",").getBytes(UTF_8);
    nullLiteral = properties.getOrDefault("null.literal", "null").getBytes(UTF_8);
    Deserializer<?> ofHeaders = deserializer(properties, "headers.deserializer", false);
    headerDeserializer =
        ofHeaders != null ? ofHeaders : deserializer(properties, "header.deserializer", false);
    addPlace(properties);
    addContent(properties);
    // Kafka's formatter ends the line behind the last field, whichever that is.
    endsLine = !columns.isEmpty();
  }

  /**
   * As the properties of Kafka's default formatter say.
   *
   * @throws ToolException when a deserializer is not known
   */
  static TextFormat of(Map<String, String> properties) {
    return new TextFormat(properties);
  }

  private void addPlace(Map<String, String> properties) {
    if (isTrue(properties, "print.timestamp", false)) {
      columns.add(TextFormat::printTimestamp);
    }
    if (isTrue(properties, "print.partition", false)) {
      columns.add((record, out) -> out.print("Partition:" + record.partition()));
    }
    if (isTrue(properties, "print.offset", false)) {
      columns.add((record, out) -> out.print("Offset:" + record.offset()));
    }
    if (isTrue(properties, "print.delivery", false)) {
      columns.add((record, out) -> out.print("Delivery:" + orAbsent(record.deliveryCount())));
    }
    if (isTrue(properties, "print.epoch", false)) {
      columns.add((record, out) -> out.print("Epoch:" + orAbsent(record.leaderEpoch())));
    }
  }

  private void addContent(Map<String, String> properties) {
    if (isTrue(properties, "print.headers", false)) {
      columns.add(this::printHeaders);
    }
    if (isTrue(properties, "print.key", false)) {
      Deserializer<?> ofKeys = deserializer(properties, "key.deserializer", true);
      columns.add((record, out) -> write(text(record, ofKeys, record.key()), out));
    }
    if (isTrue(properties, "print.value", true)) {
      Deserializer<?> ofValues = deserializer(properties, "value.deserializer", false);
      columns.add((record, out) -> write(text(record, ofValues, record.value()), out));
    }
  }

  private static String orAbsent(Optional<?> value) {
    return value.map(String::valueOf).orElse("NOT_PRESENT");
  }

  private static boolean isTrue(Map<String, String> properties, String name, boolean otherwise) {
    String text = properties.get(name);
    return text == null ? otherwise : text.strip().equalsIgnoreCase("true");
  }

  private static @Nullable Deserializer<?> deserializer(
      Map<String, String> properties, String name, boolean ofKeys) {
    String className = properties.get(name);
    if (className == null || className.isEmpty()) {
      return null;
    }
    Map<String, Object> own = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(name + ".")) {
            own.put(key.substring(name.length() + 1), value);
          }
        });
    try {
      Deserializer<?> made =
          Class.forName(className)
              .asSubclass(Deserializer.class)
              .getDeclaredConstructor()
              .newInstance();
      made.configure(Collections.unmodifiableMap(own), ofKeys);
      return made;
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw ToolException.wrongUsage("The deserializer " + className + " is not known here.")
          .hint(
              "There are those of org.apache.kafka.common.serialization, for example"
                  + " org.apache.kafka.common.serialization.LongDeserializer.")
          .because(e);
    }
  }

  @Override
  public void print(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        write(separator, out);
      }
      columns.get(i).print(record, out);
    }
    if (endsLine) {
      write(lineSeparator, out);
    }
  }

  private static void printTimestamp(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
    boolean none = record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE;
    out.print(none ? "NO_TIMESTAMP" : record.timestampType() + ":" + record.timestamp());
  }

  private void printHeaders(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
    boolean first = true;
    for (Header header : record.headers()) {
      if (!first) {
        write(headersSeparator, out);
      }
      first = false;
      out.print(header.key() + ":");
      write(text(record, headerDeserializer, header.value()), out);
    }
    if (first) {
      out.print("NO_HEADERS");
    }
  }

  /** Null is deserialized as the text that stands for it, as Kafka does. */
  private byte[] text(
      ConsumerRecord<byte[], byte[]> record,
      @Nullable Deserializer<?> deserializer,
      byte @Nullable [] bytes) {
    byte[] shown = bytes == null ? nullLiteral : bytes;
    return deserializer == null
        ? shown
        : String.valueOf(deserializer.deserialize(record.topic(), record.headers(), shown))
            .getBytes(UTF_8);
  }

  private static void write(byte[] bytes, PrintStream out) {
    out.write(bytes, 0, bytes.length);
  }
}
