package io.millrace.browser;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Where somebody wants to begin to read, in the words of {@code from}. Immutable. */
public sealed interface Place {
  /** The first record that there is. */
  record Earliest() implements Place {}

  /** Behind the last record that is committed. */
  record Latest() implements Place {}

  /** So many offsets before the end of each partition. */
  record FromEnd(long count) implements Place {}

  /** That offset in each partition. */
  record At(long offset) implements Place {}

  /** The first record with this timestamp or a later one, in ms since the epoch. */
  record Since(long timestampMs) implements Place {}

  /** The first record that is not older than this, in ms. */
  record Age(long ms) implements Place {}

  /** What the group has committed. */
  record Committed() implements Place {}

  /** Where a reader stood before. */
  record Resume(Position position) implements Place {}

  /** Hint that names the words. */
  String WORDS =
      "Use earliest, latest, end-100, an offset, ts:2026-11-20T10:00:00Z, age:15m or a position.";

  /**
   * Reads a value of {@code from}: a word, a number, or {@code {"pos":position}}.
   *
   * @param value null takes {@code otherwise}
   * @throws RefusedException when it is none of the words
   */
  static Place of(@Nullable Object value, Place otherwise) {
    if (value == null) {
      return otherwise;
    } else if (value instanceof String word) {
      return parse(word);
    } else if (value instanceof Integer || value instanceof Long) {
      return offset(((Number) value).longValue());
    } else if (value instanceof JsonObject object
        && object.getValue("pos") instanceof JsonObject position) {
      return new Resume(Position.of(position));
    }
    throw RefusedException.invalid("The place " + value + " is not known.", WORDS);
  }

  /** Reads a word. @throws RefusedException when it is none */
  static Place parse(String word) {
    switch (word) {
      case "earliest":
        return new Earliest();
      case "latest":
        return new Latest();
      case "commit":
        return new Committed();
      default:
        break;
    }
    try {
      if (word.startsWith("end-")) {
        return new FromEnd(natural(word, 4, word.length()));
      } else if (word.startsWith("ts:")) {
        return new Since(timestamp(word.substring(3)));
      } else if (word.startsWith("age:")) {
        return new Age(duration(word.substring(4)));
      } else if (word.startsWith("{")) {
        return new Resume(Position.parse(word));
      }
      return offset(natural(word, 0, word.length()));
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      throw RefusedException.invalid("The place " + shown(word) + " is not known.", WORDS);
    }
  }

  private static Place offset(long offset) {
    if (offset < 0) {
      throw RefusedException.invalid("An offset cannot be " + offset + ".", WORDS);
    }
    return new At(offset);
  }

  private static String shown(String word) {
    return word.length() <= 60 ? word : word.substring(0, 60) + "...";
  }

  private static long natural(String word, int from, int to) {
    for (int i = from; i < to; i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        throw new NumberFormatException();
      }
    }
    return Long.parseLong(word, from, to, 10);
  }

  private static long timestamp(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Long.parseLong(word)
        : OffsetDateTime.parse(word).toInstant().toEpochMilli();
  }

  /**
   * A number with {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}, in ms.
   *
   * @throws NumberFormatException when the word is no such number
   * @throws ArithmeticException when it is more than a long can hold
   */
  static long duration(String word) {
    int digits = 0;
    while (digits < word.length() && Character.isDigit(word.charAt(digits))) {
      digits++;
    }
    long unit =
        switch (word.substring(digits)) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> throw new NumberFormatException();
        };
    return Math.multiplyExact(natural(word, 0, digits), unit);
  }
}
