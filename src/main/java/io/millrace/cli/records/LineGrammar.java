package io.millrace.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.tool.ToolException;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * How a line is a record: headers, key and value with separators between, as Kafka's console
 * producer reads it. Keys and values are cut out as bytes, so that they arrive as they were given,
 * also when they are no UTF-8.
 *
 * @param parsesKey whether a key stands before the value
 * @param keySeparator between key and value
 * @param parsesHeaders whether headers stand before the key
 * @param headersDelimiter behind the headers
 * @param headersSeparator between headers, a regular expression
 * @param headerKeySeparator between key and value of a header
 * @param nullMarker what stands for null; null when nothing does
 * @param ignoresErrors whether a line without a separator is a value
 *     <p>Immutable.
 */
public record LineGrammar(
    boolean parsesKey,
    String keySeparator,
    boolean parsesHeaders,
    String headersDelimiter,
    Pattern headersSeparator,
    String headerKeySeparator,
    @Nullable String nullMarker,
    boolean ignoresErrors) {

  /**
   * As the properties of Kafka's line reader say.
   *
   * @throws ToolException when two of the separators are equal
   */
  public static LineGrammar of(Map<String, String> properties) {
    String headersSeparator = properties.getOrDefault("headers.separator", ",");
    try {
      LineGrammar grammar =
          new LineGrammar(
              isTrue(properties.get("parse.key")),
              properties.getOrDefault("key.separator", "\t"),
              isTrue(properties.get("parse.headers")),
              properties.getOrDefault("headers.delimiter", "\t"),
              Pattern.compile(headersSeparator),
              properties.getOrDefault("headers.key.separator", ":"),
              properties.get("null.marker"),
              isTrue(properties.get("ignore.error")));
      grammar.check();
      return grammar;
    } catch (PatternSyntaxException e) {
      throw ToolException.wrongUsage(
              "headers.separator is no regular expression: " + e.getDescription())
          .because(e);
    }
  }

  private static boolean isTrue(@Nullable String text) {
    return text != null && text.strip().equalsIgnoreCase("true");
  }

  private void check() {
    String between = headersSeparator.pattern();
    refuse(headersDelimiter.equals(between), "headers.delimiter and headers.separator");
    refuse(
        headersDelimiter.equals(headerKeySeparator), "headers.delimiter and headers.key.separator");
    refuse(between.equals(headerKeySeparator), "headers.separator and headers.key.separator");
    refuse(keySeparator.equals(nullMarker), "null.marker and key.separator");
    refuse(between.equals(nullMarker), "null.marker and headers.separator");
    refuse(headersDelimiter.equals(nullMarker), "null.marker and headers.delimiter");
    refuse(headerKeySeparator.equals(nullMarker), "null.marker and headers.key.separator");
  }

  private static void refuse(boolean equal, String names) {
    if (equal) {
      throw ToolException.wrongUsage(names + " may not be equal");
    }
  }

  /**
   * The record that a line is.
   *
   * @param number of the line, from 1, for the error
   * @throws ToolException when a separator is missing
   */
  public ProducerRecord<byte[], byte[]> parse(byte[] line, long number, String topic) {
    int at = 0;
    Headers headers = new RecordHeaders();
    if (parsesHeaders) {
      int end = find(line, 0, headersDelimiter, "headers delimiter", number);
      if (end >= 0) {
        addHeaders(new String(line, 0, end, UTF_8), number, headers);
        at = end + headersDelimiter.getBytes(UTF_8).length;
      }
    }
    byte[] key = null;
    if (parsesKey) {
      int end = find(line, at, keySeparator, "key separator", number);
      if (end >= 0) {
        key = orNull(Arrays.copyOfRange(line, at, end));
        at = end + keySeparator.getBytes(UTF_8).length;
      }
    }
    byte[] value = orNull(at == 0 ? line : Arrays.copyOfRange(line, at, line.length));
    return new ProducerRecord<>(topic, null, null, key, value, headers);
  }

  private int find(byte[] line, int from, String separator, String name, long number) {
    int found = indexOf(line, separator.getBytes(UTF_8), from);
    if (found < 0 && !ignoresErrors) {
      throw ToolException.failed(
          "No %s found on line number %d: '%s'".formatted(name, number, new String(line, UTF_8)));
    }
    return found;
  }

  private static int indexOf(byte[] line, byte[] sought, int from) {
    for (int i = from; i <= line.length - sought.length; i++) {
      if (Arrays.equals(line, i, i + sought.length, sought, 0, sought.length)) {
        return i;
      }
    }
    return -1;
  }

  private byte @Nullable [] orNull(byte[] bytes) {
    boolean marked = nullMarker != null && Arrays.equals(bytes, nullMarker.getBytes(UTF_8));
    return marked ? null : bytes;
  }

  private void addHeaders(String text, long number, Headers headers) {
    if (text.equals(nullMarker)) {
      return;
    }
    for (String pair : headersSeparator.split(text)) {
      int middle = pair.indexOf(headerKeySeparator);
      if (middle < 0 && !ignoresErrors) {
        throw ToolException.failed(
            "No header key separator found in pair '%s' on line number %d".formatted(pair, number));
      }
      String key = middle < 0 ? pair : pair.substring(0, middle);
      if (middle >= 0 && key.equals(nullMarker)) {
        throw ToolException.failed(
            "Header keys should not be equal to the null marker '%s' as they can't be null"
                .formatted(nullMarker));
      }
      byte[] value =
          middle < 0
              ? null
              : orNull(pair.substring(middle + headerKeySeparator.length()).getBytes(UTF_8));
      headers.add(key, value);
    }
  }
}
