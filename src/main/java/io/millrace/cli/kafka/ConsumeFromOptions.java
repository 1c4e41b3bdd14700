package io.millrace.cli.kafka;

import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.ToolException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code kafka-console-consumer} that say what is read, from where, and by whom.
 * Confined to: the main thread.
 */
final class ConsumeFromOptions {
  private static final int GROUP_NUMBERS = 100_000;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic to read.")
  private @Nullable String topic;

  @Option(
      names = "--include",
      paramLabel = "REGEX",
      description = "Instead of it: all topics that fit a regular expression.")
  private @Nullable String include;

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Reads one partition only, from its end unless --offset says another place.")
  private @Nullable Integer partition;

  @Option(
      names = "--offset",
      paramLabel = "WHERE",
      description = "Where to begin in it: a number, earliest or latest. Default: latest.")
  private @Nullable String offset;

  @Option(
      names = "--from-beginning",
      description = "Begins with the oldest record, unless the group has been further already.")
  private boolean fromBeginning;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Reads as a member of this group. Default: of a new one, without commits.")
  private @Nullable String group;

  @Option(
      names = "--isolation-level",
      paramLabel = "LEVEL",
      description = "read_committed or read_uncommitted. Default: read_uncommitted.")
  private @Nullable String isolationLevel;

  /**
   * All properties of the consumer.
   *
   * @param given what the user set as properties
   * @throws ToolException when options contradict each other
   */
  Map<String, Object> settings(Bootstrap bootstrap, Map<String, String> given) {
    check();
    Map<String, Object> all = new HashMap<>(given);
    all.putIfAbsent("client.id", "console-consumer");
    all.put("auto.offset.reset", reset(given.get("auto.offset.reset")));
    if (isolationLevel != null) {
      all.put("isolation.level", isolationLevel);
    } else {
      all.putIfAbsent("isolation.level", "read_uncommitted");
    }
    Set<String> groups = groups(bootstrap.settings().get("group.id"), given.get("group.id"));
    if (groups.isEmpty()) {
      int number = ThreadLocalRandom.current().nextInt(GROUP_NUMBERS);
      all.put("group.id", "console-consumer-" + number);
      all.putIfAbsent("enable.auto.commit", "false");
    } else {
      all.put("group.id", groups.iterator().next());
    }
    return all;
  }

  private void check() {
    if ((topic == null) == (include == null)) {
      throw ToolException.wrongUsage(
          "Exactly one of the following arguments is required: --topic, --include");
    }
    if (partition != null && topic == null) {
      throw ToolException.wrongUsage("The topic is required when partition is specified.");
    }
    if (partition != null && fromBeginning && offset != null) {
      throw ToolException.wrongUsage(
          "Options from-beginning and offset cannot be specified together.");
    }
    if (partition == null && offset != null) {
      throw ToolException.wrongUsage("The partition is required when offset is specified.");
    }
    if (offset != null && !offset.matches("(?i)earliest|latest|\\d{1,18}")) {
      throw ToolException.wrongUsage(
          "The provided offset value '%s' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long."
              .formatted(offset));
    }
  }

  private String reset(@Nullable String given) {
    if (given == null) {
      return fromBeginning ? "earliest" : "latest";
    }
    if (fromBeginning && !given.equals("earliest")) {
      throw ToolException.wrongUsage(
          "Can't simultaneously specify --from-beginning and 'auto.offset.reset=%s', please remove one option"
              .formatted(given));
    }
    return given;
  }

  private Set<String> groups(@Nullable String ofFile, @Nullable String ofProperty) {
    Set<String> groups = new TreeSet<>();
    Stream.of(group, ofFile, ofProperty).filter(Objects::nonNull).forEach(groups::add);
    if (groups.size() > 1) {
      throw ToolException.wrongUsage(
          "The group ids provided in different places (directly using '--group', via"
              + " '--command-property', or via '--command-config') do not match. Detected group"
              + " ids: '"
              + String.join("', '", groups)
              + "'");
    }
    if (!groups.isEmpty() && partition != null) {
      throw ToolException.wrongUsage("Options group and partition cannot be specified together.");
    }
    return groups;
  }

  /** Subscribes, or takes the partition and goes to its place. */
  void begin(Consumer<?, ?> consumer) {
    if (topic == null) {
      consumer.subscribe(pattern());
    } else if (partition == null) {
      consumer.subscribe(List.of(topic));
    } else {
      List<TopicPartition> one = List.of(new TopicPartition(topic, partition));
      consumer.assign(one);
      String where = fromBeginning ? "earliest" : offset == null ? "latest" : offset;
      switch (where.toLowerCase(Locale.ROOT)) {
        case "earliest" -> consumer.seekToBeginning(one);
        case "latest" -> consumer.seekToEnd(one);
        default -> consumer.seek(one.get(0), Long.parseLong(where));
      }
    }
  }

  /** A comma stands for "or", as releases before 4.0 had it; a topic's name has none. */
  private Pattern pattern() {
    String expression = Objects.requireNonNull(include);
    try {
      return Pattern.compile(expression.contains("{") ? expression : expression.replace(',', '|'));
    } catch (PatternSyntaxException e) {
      throw ToolException.wrongUsage(
              "'" + include + "' is no regular expression: " + e.getDescription())
          .because(e);
    }
  }
}
