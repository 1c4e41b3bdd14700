package io.millrace.cli.group;

import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** Which partitions of topics are meant: {@code topic} or {@code topic:0,1,2}. Immutable. */
public record TopicScope(List<String> wholeTopics, List<TopicPartition> partitions) {
  /**
   * Reads it.
   *
   * @param texts topics, each with or without partitions
   * @throws ToolException when one has another form
   */
  public static TopicScope parse(List<String> texts) {
    List<String> whole = new ArrayList<>();
    List<TopicPartition> single = new ArrayList<>();
    for (String text : texts) {
      if (text.contains(":")) {
        some(text).forEach(single::add);
      } else {
        whole.add(text);
      }
    }
    return new TopicScope(List.copyOf(whole), List.copyOf(single));
  }

  private static Stream<TopicPartition> some(String text) {
    String[] parts = text.split(":");
    if (parts.length != 2) {
      throw ToolException.wrongUsage(
              "Invalid topic arg '" + text + "', expected topic name and partitions")
          .hint("Write topic, or topic:0,1,2 for some of its partitions.");
    }
    return Arrays.stream(parts[1].split(","))
        .map(number -> new TopicPartition(parts[0], partition(number, text)));
  }

  private static int partition(String number, String text) {
    try {
      return Integer.parseInt(number.strip());
    } catch (NumberFormatException e) {
      throw ToolException.wrongUsage(
              "Invalid partition '" + number + "' specified in topic arg '" + text + "'")
          .because(e);
    }
  }

  /** All partitions that are meant. */
  public List<TopicPartition> resolve(GroupAccess access) {
    List<TopicPartition> all = new ArrayList<>(partitions);
    if (!wholeTopics.isEmpty()) {
      access
          .topics(wholeTopics)
          .forEach(
              (name, topic) ->
                  topic
                      .partitions()
                      .forEach(one -> all.add(new TopicPartition(name, one.partition()))));
    }
    return all.stream().distinct().sorted(GroupAccess.ORDER).toList();
  }
}
