package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.RefusedException;
import io.millrace.browser.frame.FrameFormat;
import io.millrace.browser.frame.JsonFields;
import io.millrace.browser.frame.ValueMode;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to read, and how. Immutable.
 *
 * @param topics names of the topics
 * @param partitions numbers of the partitions in each topic; null for all
 * @param from where to begin
 * @param records credit in records
 * @param bytes credit in bytes
 * @param format how records are written
 * @param onLag what happens when it falls behind
 * @param lagMax how many records behind is too far
 * @param limit how many records are read before it ends; null for no end
 */
record Reading(
    List<String> topics,
    @Nullable List<Integer> partitions,
    Place from,
    long records,
    long bytes,
    FrameFormat format,
    OnLag onLag,
    long lagMax,
    @Nullable Long limit) {
  private static final int TOPICS_MAX = 100;
  private static final String TOPICS_HINT = "Give names: {\"topics\":[\"orders\"]}.";

  /** The same from another place. */
  Reading from(Place other) {
    return new Reading(topics, partitions, other, records, bytes, format, onLag, lagMax, limit);
  }

  /**
   * Reads a {@code sub} frame.
   *
   * @param binary whether the socket speaks binary frames
   * @throws RefusedException when a field cannot be read
   */
  static Reading of(Op.Request request, boolean binary, Place otherwise) {
    JsonFields fields = request.fields();
    long records = Credit.RECORDS_DEFAULT;
    long bytes = Credit.BYTES_DEFAULT;
    byte[] credit = fields.raw("credit");
    if (credit != null) {
      JsonFields given = JsonFields.of(credit);
      if (given == null) {
        throw RefusedException.invalid(
            "The credit is not an object.", "Use {\"n\":256,\"bytes\":262144}.");
      }
      Op.Request half = new Op.Request(given, null);
      records = natural(half.optionalNumber("n"), records, "credit.n");
      bytes = natural(half.optionalNumber("bytes"), bytes, "credit.bytes");
    }
    OnLag onLag = OnLag.of(request.optionalText("onLag"));
    return new Reading(
        topics(fields),
        partitions(fields),
        Place.of(decoded(fields.json("from")), otherwise),
        records,
        bytes,
        format(request, binary),
        onLag,
        lagMax(request.optionalNumber("skip"), onLag, records),
        null);
  }

  private static @Nullable Object decoded(@Nullable String json) {
    try {
      return json == null ? null : Json.decodeValue(json);
    } catch (DecodeException e) {
      throw RefusedException.invalid("The field from cannot be read.", Place.WORDS);
    }
  }

  private static List<String> topics(JsonFields fields) {
    String json = fields.json("topics");
    Set<String> names = new LinkedHashSet<>();
    if (json != null && decoded(json) instanceof JsonArray array) {
      for (Object name : array) {
        if (!(name instanceof String text)) {
          throw RefusedException.invalid("A topic is not named by a text.", TOPICS_HINT);
        }
        names.add(text);
      }
    }
    if (names.isEmpty()) {
      throw RefusedException.invalid("The frame names no topics.", TOPICS_HINT);
    } else if (names.size() > TOPICS_MAX) {
      throw RefusedException.invalid(
          "A subscription has at most " + TOPICS_MAX + " topics.", "Use several subscriptions.");
    }
    return List.copyOf(names);
  }

  private static @Nullable List<Integer> partitions(JsonFields fields) {
    String json = fields.json("partitions");
    if (json == null || json.equals("null")) {
      return null;
    }
    Set<Integer> numbers = new LinkedHashSet<>();
    if (decoded(json) instanceof JsonArray array) {
      for (Object number : array) {
        if (number instanceof Integer partition && partition >= 0) {
          numbers.add(partition);
        }
      }
      if (numbers.size() == array.size() && !numbers.isEmpty()) {
        return new ArrayList<>(numbers);
      }
    }
    throw RefusedException.invalid(
        "The partitions are not different numbers.", "Use {\"partitions\":[0,1]}.");
  }

  private static FrameFormat format(Op.Request request, boolean binary) {
    boolean batch = "true".equals(request.fields().json("batch"));
    if (batch && !binary) {
      throw RefusedException.invalid(
          "Batches need binary frames.", "Open the socket with millrace.v1.bin.");
    }
    ValueMode mode = value(request.optionalText("value"));
    if (!binary) {
      return FrameFormat.json(mode);
    }
    return batch ? FrameFormat.BATCHES : FrameFormat.BINARY;
  }

  /** The mode of that name; {@code auto} without one. */
  static ValueMode value(@Nullable String word) {
    ValueMode mode = word == null ? ValueMode.AUTO : ValueMode.of(word);
    if (mode == null) {
      throw RefusedException.invalid(
          "The value " + word + " is not known.", "Use auto, json, text, b64 or none.");
    }
    return mode;
  }

  /** How far behind is too far: what was asked for, or as much as the credit at the beginning. */
  static long lagMax(@Nullable Long asked, OnLag onLag, long records) {
    if (asked == null && onLag == OnLag.SKIP) {
      throw RefusedException.invalid(
          "With onLag skip the frame says how many records behind is too far.",
          "Add \"skip\":1000.");
    }
    return natural(asked, Math.max(1, records), "skip");
  }

  private static long natural(@Nullable Long asked, long otherwise, String what) {
    if (asked == null) {
      return otherwise;
    } else if (asked < 0) {
      throw RefusedException.invalid("The " + what + " is negative.", null);
    }
    return asked;
  }
}
