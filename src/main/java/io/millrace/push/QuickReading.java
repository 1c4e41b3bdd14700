package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.RefusedException;
import io.millrace.browser.frame.FrameFormat;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the parameters of a quick address say. Stateless. */
final class QuickReading {
  private QuickReading() {}

  /** Reads {@code from}, {@code partition}, {@code value}, {@code onLag} and {@code skip}. */
  static Reading of(String topic, MultiMap params) {
    String from = params.get("from");
    OnLag onLag = OnLag.of(params.get("onLag"));
    return new Reading(
        List.of(topic),
        partitions(params.get("partition")),
        from == null ? new Place.Latest() : Place.parse(from),
        Credit.MAX,
        Credit.MAX,
        FrameFormat.json(Reading.value(params.get("value"))),
        onLag,
        Reading.lagMax(number(params.get("skip"), "skip"), onLag, Credit.RECORDS_DEFAULT),
        limit(params.get("limit")));
  }

  private static @Nullable Long limit(@Nullable String text) {
    Long limit = number(text, "limit");
    if (limit != null && limit <= 0) {
      throw RefusedException.invalid("The limit is not positive.", null);
    }
    return limit;
  }

  /** Reads {@code topics}, {@code from}, {@code value}, {@code onLag} and {@code skip}. */
  static Reading ofGroup(MultiMap params) {
    String topics = params.get("topics");
    if (topics == null || topics.isEmpty()) {
      throw RefusedException.invalid(
          "The address names no topics.", "Add them: /ws/v1/groups/billing?topics=orders.");
    }
    String from = params.get("from");
    OnLag onLag = OnLag.of(params.get("onLag"));
    return new Reading(
        List.of(topics.split(",")).stream().distinct().toList(),
        null,
        from == null ? new Place.Committed() : Place.parse(from),
        Credit.MAX,
        Credit.MAX,
        FrameFormat.json(Reading.value(params.get("value"))),
        onLag,
        Reading.lagMax(number(params.get("skip"), "skip"), onLag, Credit.RECORDS_DEFAULT),
        null);
  }

  private static @Nullable List<Integer> partitions(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Long number = number(part, "partition");
      if (number == null || number < 0 || number > Integer.MAX_VALUE) {
        throw RefusedException.invalid("The partition " + part + " is no number.", null);
      }
      if (!numbers.contains(number.intValue())) {
        numbers.add(number.intValue());
      }
    }
    return numbers;
  }

  static @Nullable Long number(@Nullable String text, String what) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw RefusedException.invalid("The " + what + " is not a whole number.", null);
    }
  }
}
