package io.millrace.rest;

import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object in the body of a request, whose fields are all known. What is not of the type
 * that is asked for is refused with the field's name. Immutable.
 */
final class JsonBody {
  private final JsonObject json;

  private JsonBody(JsonObject json) {
    this.json = json;
  }

  /** Reads a body. */
  static JsonBody read(@Nullable Buffer body, Set<String> known) {
    if (body == null || body.length() == 0) {
      throw refused("The body is empty; it must be a JSON object.");
    }
    JsonObject json;
    try {
      json = new JsonObject(body);
    } catch (DecodeException | ClassCastException e) {
      throw refused("The body is not a JSON object" + place(e) + ".");
    }
    for (String field : json.fieldNames()) {
      if (!known.contains(field)) {
        throw ApiRequest.unknown("field", field, known);
      }
    }
    return new JsonBody(json);
  }

  private static String place(RuntimeException fault) {
    String message = String.valueOf(fault.getMessage());
    int line = message.indexOf("line: ");
    int end = message.indexOf(']', Math.max(line, 0));
    return line < 0 || end < 0 ? "" : ": look at " + message.substring(line, end);
  }

  private static ProblemException refused(String sentence) {
    return new ProblemException(Problem.badRequest(sentence));
  }

  private static ProblemException wrong(String field, String wanted) {
    return refused("The field " + field + " must be " + wanted + ".");
  }

  boolean has(String field) {
    return json.getValue(field) != null;
  }

  /** The value as it was parsed, or null. */
  @Nullable Object value(String field) {
    return json.getValue(field);
  }

  String text(String field) {
    Object value = json.getValue(field);
    if (value == null) {
      throw refused("The field " + field + " is missing.");
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(field, "a text");
  }

  boolean flag(String field, boolean fallback) {
    Object value = json.getValue(field);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(field, "true or false");
  }

  /** A whole number from 1 to {@code max}. */
  int count(String field, int fallback, int max) {
    Object value = json.getValue(field);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Integer number && number >= 1 && number <= max) {
      return number;
    }
    throw wrong(field, "a whole number from 1 to " + max);
  }

  /** An object of texts; numbers and flags are taken as they are written. */
  Map<String, String> texts(String field) {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, Object> entry : object(field)) {
      Object value = entry.getValue();
      if (value == null || value instanceof JsonObject || value instanceof JsonArray) {
        throw wrong(field + "." + entry.getKey(), "a text");
      }
      texts.put(entry.getKey(), value.toString());
    }
    return texts;
  }

  /** An object of whole numbers by whole numbers. */
  Map<Integer, Long> offsets(String field) {
    Map<Integer, Long> offsets = new TreeMap<>();
    for (Map.Entry<String, Object> entry : object(field)) {
      boolean whole = entry.getValue() instanceof Integer || entry.getValue() instanceof Long;
      if (!whole) {
        throw wrong(field + "." + entry.getKey(), "an offset");
      }
      offsets.put(partition(field, entry.getKey()), ((Number) entry.getValue()).longValue());
    }
    return offsets;
  }

  private static int partition(String field, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(field, "an object whose names are numbers of partitions, not " + text);
    }
  }

  JsonObject object(String field) {
    Object value = json.getValue(field);
    if (value == null) {
      return new JsonObject();
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw wrong(field, "an object");
  }

  /** A list of texts. */
  List<String> names(String field) {
    Object value = json.getValue(field);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof JsonArray array)) {
      throw wrong(field, "a list of names");
    }
    List<String> names = new ArrayList<>();
    for (Object item : array) {
      if (!(item instanceof String name)) {
        throw wrong(field, "a list of names");
      }
      names.add(name);
    }
    return names;
  }
}
