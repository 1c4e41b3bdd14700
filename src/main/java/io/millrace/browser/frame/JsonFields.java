package io.millrace.browser.frame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object with their values as they stand, so that what is passed on is not
 * parsed and printed again. Immutable.
 */
public final class JsonFields {
  private final byte[] bytes;
  private final Map<String, Span> fields;

  /** Where a value stands in the bytes. */
  private record Span(int from, int to) {}

  private JsonFields(byte[] bytes, Map<String, Span> fields) {
    this.bytes = bytes;
    this.fields = fields;
  }

  /** The object that the bytes are, or null when they are anything else. */
  public static @Nullable JsonFields of(byte[] bytes) {
    if (!JsonGrammar.isValue(bytes, 0, bytes.length)) {
      return null;
    }
    int at = JsonGrammar.skipSpace(bytes, 0, bytes.length);
    return bytes[at] == '{' ? read(bytes, at) : null;
  }

  private static JsonFields read(byte[] b, int open) {
    Map<String, Span> fields = new LinkedHashMap<>();
    int at = JsonGrammar.skipSpace(b, open + 1, b.length);
    while (b[at] == '"') {
      int nameEnd = JsonGrammar.string(b, at + 1, b.length);
      String name = JsonStrings.text(b, at, nameEnd);
      int colon = JsonGrammar.skipSpace(b, nameEnd, b.length);
      int from = JsonGrammar.skipSpace(b, colon + 1, b.length);
      int to = JsonGrammar.value(b, from, b.length, 0);
      fields.put(name, new Span(from, to));
      at = JsonGrammar.skipSpace(b, to, b.length);
      if (b[at] == ',') {
        at = JsonGrammar.skipSpace(b, at + 1, b.length);
      }
    }
    return new JsonFields(b, fields);
  }

  /** Names of the fields; a name that stands twice has its last value. */
  public Set<String> names() {
    return Collections.unmodifiableSet(fields.keySet());
  }

  /** Whether there is a field of that name. */
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /** The value as it stands; null when there is no such field. */
  public byte @Nullable [] raw(String name) {
    Span span = fields.get(name);
    return span == null ? null : Arrays.copyOfRange(bytes, span.from, span.to);
  }

  /** The value as it stands, as text; null when there is no such field. */
  public @Nullable String json(String name) {
    Span span = fields.get(name);
    return span == null
        ? null
        : new String(bytes, span.from, span.to - span.from, StandardCharsets.UTF_8);
  }

  /** The value of a string; null when there is no such field or it is no string. */
  public @Nullable String text(String name) {
    Span span = fields.get(name);
    return span == null || bytes[span.from] != '"'
        ? null
        : JsonStrings.text(bytes, span.from, span.to);
  }

  /** The elements of an array as they stand; null when the field is missing or no array. */
  public @Nullable List<byte[]> elements(String name) {
    Span span = fields.get(name);
    return span == null ? null : elements(bytes, span.from);
  }

  /** The elements of the array that the bytes are; null when they are anything else. */
  public static @Nullable List<byte[]> elements(byte[] array) {
    return JsonGrammar.isValue(array, 0, array.length)
        ? elements(array, JsonGrammar.skipSpace(array, 0, array.length))
        : null;
  }

  private static @Nullable List<byte[]> elements(byte[] b, int open) {
    if (b[open] != '[') {
      return null;
    }
    List<byte[]> elements = new ArrayList<>();
    int at = JsonGrammar.skipSpace(b, open + 1, b.length);
    while (b[at] != ']') {
      int to = JsonGrammar.value(b, at, b.length, 0);
      elements.add(Arrays.copyOfRange(b, at, to));
      at = JsonGrammar.skipSpace(b, to, b.length);
      if (b[at] == ',') {
        at = JsonGrammar.skipSpace(b, at + 1, b.length);
      }
    }
    return elements;
  }
}
