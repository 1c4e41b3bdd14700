package io.millrace.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.Shell;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How a record is shown: its value, with key and headers if wanted, by a format, or as JSON. In a
 * pipe bytes pass unchanged; on a terminal JSON is laid out, and what is no text is shown as
 * base64. Confined to: the main thread.
 */
final class RecordText {
  private static final int CONTROLS_END = 0x20;

  @Option(
      names = {"-k", "--key"},
      description = "Prints keys, too.")
  private boolean keys;

  @Option(names = "--headers", description = "Prints headers, too.")
  private boolean headers;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description =
          "%%t topic, %%p partition, %%o offset, %%k key, %%s value, %%h headers, %%T time in ms,"
              + " %%d date, %%K and %%S sizes; \\n, \\t.")
  private @Nullable String format;

  /** Prints a record. */
  void print(ConsumerRecord<byte[], byte[]> record, Shell shell, boolean json) {
    PrintStream out = shell.out();
    if (json) {
      out.println(JsonText.line(object(record)));
    } else if (format != null) {
      printFormatted(record, format, shell);
    } else {
      if (headers) {
        out.print(headers(record));
        out.print('\t');
      }
      if (keys) {
        write(record.key(), shell);
        out.print('\t');
      }
      write(record.value(), shell);
      out.println();
    }
  }

  private static Map<String, Object> object(ConsumerRecord<byte[], byte[]> record) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("topic", record.topic());
    object.put("partition", record.partition());
    object.put("offset", record.offset());
    object.put("timestamp", record.timestamp());
    put(object, "key", record.key());
    put(object, "value", record.value());
    Map<String, Object> named = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      put(named, header.key(), header.value());
    }
    object.put("headers", named);
    return object;
  }

  /** Text as it is; other bytes under a name that says so. */
  private static void put(Map<String, Object> object, String name, byte @Nullable [] bytes) {
    String text = text(bytes);
    if (bytes == null || text != null) {
      object.put(name, text);
    } else {
      object.put(name + "_base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null; // no text
    }
  }

  private static void write(byte @Nullable [] bytes, Shell shell) {
    if (bytes == null) {
      shell.out().print("null");
    } else if (shell.outIsTerminal()) {
      shell.out().print(forPeople(bytes, shell));
    } else {
      shell.out().write(bytes, 0, bytes.length);
    }
  }

  private static String forPeople(byte[] bytes, Shell shell) {
    String text = text(bytes);
    if (text == null
        || text.chars().anyMatch(one -> one < CONTROLS_END && "\t\n\r".indexOf(one) < 0)) {
      return "(%d bytes, base64) %s"
          .formatted(bytes.length, Base64.getEncoder().encodeToString(bytes));
    }
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return text;
    }
    try {
      String pretty = JsonText.pretty(Json.decodeValue(text));
      return shell.coloursOut() ? coloured(pretty) : pretty;
    } catch (DecodeException e) {
      return text; // it only looks like JSON
    }
  }

  /** Names blue, texts green, numbers and words yellow. */
  private static String coloured(String json) {
    return json.replaceAll("(?m)^(\\s*)(\"(?:[^\"\\\\]|\\\\.)*\")( ?:)", "$1\033[34m$2\033[0m$3")
        .replaceAll("(?m)(: |^\\s*)(\"(?:[^\"\\\\]|\\\\.)*\")(,?)$", "$1\033[32m$2\033[0m$3")
        .replaceAll(
            "(?m)(: |^\\s*)(-?\\d[\\d.eE+-]*|true|false|null)(,?)$", "$1\033[33m$2\033[0m$3");
  }

  private static String headers(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder all = new StringBuilder();
    for (Header header : record.headers()) {
      String text = text(header.value());
      all.append(all.isEmpty() ? "" : ",").append(header.key()).append('=');
      all.append(
          header.value() == null
              ? "null"
              : text != null ? text : Base64.getEncoder().encodeToString(header.value()));
    }
    return all.toString();
  }

  private static void printFormatted(
      ConsumerRecord<byte[], byte[]> record, String format, Shell shell) {
    PrintStream out = shell.out();
    for (int i = 0; i < format.length(); i++) {
      char one = format.charAt(i);
      boolean escapes = (one == '%' || one == '\\') && i + 1 < format.length();
      if (!escapes) {
        out.print(one);
      } else if (one == '\\') {
        out.print(escaped(format.charAt(++i)));
      } else {
        printField(format.charAt(++i), record, shell);
      }
    }
  }

  private static String escaped(char letter) {
    return switch (letter) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '0' -> "\0";
      default -> String.valueOf(letter);
    };
  }

  private static void printField(char letter, ConsumerRecord<byte[], byte[]> record, Shell shell) {
    PrintStream out = shell.out();
    switch (letter) {
      case 't' -> out.print(record.topic());
      case 'p' -> out.print(record.partition());
      case 'o' -> out.print(record.offset());
      case 'k' -> write(record.key(), shell);
      case 's' -> write(record.value(), shell);
      case 'h' -> out.print(headers(record));
      case 'T' -> out.print(record.timestamp());
      case 'd' -> out.print(Instant.ofEpochMilli(record.timestamp()));
      case 'K' -> out.print(record.serializedKeySize());
      case 'S' -> out.print(record.serializedValueSize());
      default -> out.print(letter);
    }
  }
}
