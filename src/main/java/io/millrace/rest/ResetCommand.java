package io.millrace.rest;

import io.millrace.model.TopicPartition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes the command for the terminal that resets offsets in the same way. Stateless. */
final class ResetCommand {
  private ResetCommand() {}

  static String of(String group, List<TopicPartition> partitions, String to) {
    Map<String, List<String>> byTopic = new TreeMap<>();
    for (TopicPartition id : partitions) {
      byTopic
          .computeIfAbsent(id.topic(), topic -> new ArrayList<>())
          .add(Integer.toString(id.partition()));
    }
    StringBuilder common =
        new StringBuilder("bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092")
            .append(" --group ")
            .append(quoted(group))
            .append(" --reset-offsets");
    byTopic.forEach(
        (topic, numbers) ->
            common.append(" --topic ").append(topic).append(':').append(String.join(",", numbers)));
    // Kafka's tool has no word for so many before the end; it takes two steps.
    return to.startsWith("end-")
        ? common
            + " --to-latest --execute && "
            + common
            + " --shift-by -"
            + to.substring("end-".length())
            + " --execute"
        : common + " " + option(to) + " --execute";
  }

  private static String option(String to) {
    if (to.equals("earliest") || to.equals("latest")) {
      return "--to-" + to;
    } else if (to.startsWith("ts:")) {
      return "--to-datetime " + quoted(datetime(to.substring("ts:".length())));
    } else if (to.startsWith("age:")) {
      return "--by-duration " + duration(to.substring("age:".length()));
    } else if (to.startsWith("shift:")) {
      return "--shift-by " + to.substring("shift:".length());
    }
    return "--to-offset " + to;
  }

  private static String datetime(String text) {
    boolean ms = text.chars().allMatch(c -> c >= '0' && c <= '9');
    return ms ? Instant.ofEpochMilli(Long.parseLong(text)).toString() : text;
  }

  /** {@code 15m} as ISO 8601 has it. */
  private static String duration(String text) {
    if (text.endsWith("ms")) {
      return "PT" + Long.parseLong(text.substring(0, text.length() - 2)) / 1000.0 + "S";
    }
    String upper = text.toUpperCase(Locale.ROOT);
    return text.endsWith("d") ? "P" + upper : "PT" + upper;
  }

  private static String quoted(String text) {
    return text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "._-:+".indexOf(c) >= 0)
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }
}
