package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Which partitions somebody means (KIP-815's patterns). Stateless. */
final class PartitionPatterns {
  private static final Pattern FORM = Pattern.compile("([^:,]*)(?::(?:(\\d+)|(\\d*)-(\\d*)|))?");

  private PartitionPatterns() {}

  /**
   * By name and number.
   *
   * @param topics regular expression; null for all
   * @param numbers partitions with commas between; null for all
   */
  static Predicate<TopicPartition> of(@Nullable String topics, @Nullable String numbers) {
    Predicate<String> named = topics == null ? name -> true : names(topics);
    if (numbers == null || numbers.isBlank()) {
      return partition -> named.test(partition.topic());
    }
    try {
      Set<Integer> wanted =
          Arrays.stream(numbers.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
      return one -> named.test(one.topic()) && wanted.contains(one.partition());
    } catch (NumberFormatException e) {
      throw ToolException.wrongUsage(
          "--partitions expects a comma separated list of numeric partition ids, but received: "
              + numbers);
    }
  }

  /** By patterns with commas between: a partition that fits one of them is meant. */
  static Predicate<TopicPartition> parse(String patterns) {
    return Arrays.stream(patterns.split(","))
        .map(PartitionPatterns::one)
        .reduce(Predicate::or)
        .orElse(partition -> true);
  }

  private static Predicate<TopicPartition> one(String pattern) {
    Matcher form = FORM.matcher(pattern);
    if (!form.matches()) {
      throw ToolException.wrongUsage("Invalid rule specification: " + pattern)
          .hint("Write topic, topic:1, topic:0-3 (without 3), topic:5-, topic:-3, or :1.");
    }
    Predicate<String> named = form.group(1).isEmpty() ? name -> true : names(form.group(1));
    if (form.group(2) != null) {
      int number = Integer.parseInt(form.group(2));
      return one -> named.test(one.topic()) && one.partition() == number;
    }
    int from = number(form.group(3), 0);
    int until = number(form.group(4), Integer.MAX_VALUE);
    return one -> named.test(one.topic()) && one.partition() >= from && one.partition() < until;
  }

  private static int number(@Nullable String text, int otherwise) {
    return text == null || text.isEmpty() ? otherwise : Integer.parseInt(text);
  }

  /** A regular expression over whole names; a comma stands for "or", as in Kafka's tools. */
  static Predicate<String> names(String expression) {
    String cleaned =
        expression.strip().replace(',', '|').replace(" ", "").replaceAll("^[\"']+|[\"']+$", "");
    try {
      return Pattern.compile(cleaned).asMatchPredicate();
    } catch (PatternSyntaxException e) {
      throw ToolException.wrongUsage(cleaned + " is an invalid regex.")
          .hint("It is a regular expression: " + e.getDescription() + ".")
          .because(e);
    }
  }
}
