package io.millrace.browser;

import io.millrace.browser.frame.JsonFields;
import io.millrace.browser.frame.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record that somebody wants to publish. Immutable.
 *
 * @param key null for none
 * @param value null makes a tombstone
 * @param headers in their order
 * @param partition null leaves the choice to the partitioner
 */
public record Outgoing(
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<Header> headers,
    @Nullable Integer partition) {

  private static final String BYTES_HINT = "Give text, JSON, null, or {\"b64\":\"...\"} for bytes.";
  private static final String HEADERS_HINT = "Headers are pairs: [[\"region\",\"eu\"]].";

  /**
   * Reads {@code {"k":…,"v":…,"h":[[name,value]],"p":0}}. A string stands for its text, {@code
   * {"b64":…}} for bytes, other JSON for itself, byte for byte as it came.
   *
   * @throws RefusedException when a field cannot be read
   */
  public static Outgoing of(JsonFields fields) {
    return new Outgoing(
        bytes(fields.raw("k"), "key"),
        bytes(fields.raw("v"), "value"),
        headers(fields),
        partition(fields));
  }

  /** Bytes of key and value. */
  public int sizeBytes() {
    return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
  }

  private static @Nullable Integer partition(JsonFields fields) {
    String number = fields.json("p");
    if (number == null || number.equals("null")) {
      return null;
    }
    try {
      return Integer.valueOf(number);
    } catch (NumberFormatException e) {
      throw RefusedException.invalid("The partition p is not a number.", null);
    }
  }

  private static List<Header> headers(JsonFields fields) {
    String raw = fields.json("h");
    if (raw == null || raw.equals("null")) {
      return List.of();
    }
    List<byte[]> pairs = fields.elements("h");
    if (pairs == null) {
      throw RefusedException.invalid("The headers h are not an array.", HEADERS_HINT);
    }
    List<Header> headers = new ArrayList<>(pairs.size());
    for (byte[] pair : pairs) {
      List<byte[]> parts = JsonFields.elements(pair);
      if (parts == null || parts.size() != 2 || parts.get(0)[0] != '"') {
        throw RefusedException.invalid("A header is not a pair of name and value.", HEADERS_HINT);
      }
      byte[] name = parts.get(0);
      headers.add(
          new RecordHeader(
              JsonStrings.text(name, 0, name.length), bytes(parts.get(1), "header value")));
    }
    return headers;
  }

  /** The bytes that a JSON value stands for. */
  private static byte @Nullable [] bytes(byte @Nullable [] json, String what) {
    if (json == null || json[0] == 'n') {
      return null;
    } else if (json[0] == '"') {
      return JsonStrings.text(json, 0, json.length).getBytes(StandardCharsets.UTF_8);
    } else if (json[0] == '{') {
      JsonFields object = Objects.requireNonNull(JsonFields.of(json));
      String base64 = object.text("b64");
      if (base64 != null && object.names().size() == 1) {
        return decoded(base64, what);
      }
    }
    return json;
  }

  private static byte[] decoded(String base64, String what) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw RefusedException.invalid("The b64 of the " + what + " is not base64.", BYTES_HINT);
    }
  }
}
