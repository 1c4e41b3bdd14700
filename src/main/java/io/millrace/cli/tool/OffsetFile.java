package io.millrace.cli.tool;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads offsets of partitions from the JSON of {@code kafka-delete-records}, with and without its
 * {@code version}. Stateless.
 */
public final class OffsetFile {
  private static final Set<String> KEYS = Set.of("topic", "partition", "offset");
  private static final String PREFIX_ONLY =
      "Only all records before an offset can be deleted, no single ones: write the first offset to"
          + " keep, once per partition.";

  private OffsetFile() {}

  /**
   * Reads a file.
   *
   * @return offsets by partition, in the order of the file
   * @throws ToolException when there is none or it has another form
   */
  public static Map<TopicPartition, Long> read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      String why = Files.exists(file) ? "cannot be read: " + e.getMessage() : "does not exist";
      throw ToolException.wrongUsage("The file " + file + " " + why + ".").because(e);
    }
  }

  /** Reads the text of such a file. */
  public static Map<TopicPartition, Long> parse(String text) {
    JsonObject root = JsonText.object(text, "The input string");
    Object version = root.getValue("version", 1);
    if (!Objects.equals(version, 1)) {
      throw ToolException.wrongUsage("Not supported version field value " + version)
          .hint("Write \"version\":1.");
    }
    if (!(root.getValue("partitions") instanceof JsonArray partitions)) {
      throw ToolException.wrongUsage("Missing partitions field")
          .hint(
              "Write {\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":3}],"
                  + "\"version\":1}.");
    }
    return offsets(partitions);
  }

  private static Map<TopicPartition, Long> offsets(JsonArray partitions) {
    Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
    List<TopicPartition> twice = new ArrayList<>();
    for (Object one : partitions) {
      if (!(one instanceof JsonObject entry)) {
        throw ToolException.wrongUsage("'" + one + "' is not a JSON object");
      }
      checkKeys(entry);
      TopicPartition partition =
          new TopicPartition(text(entry, "topic"), Math.toIntExact(number(entry, "partition")));
      if (offsets.put(partition, number(entry, "offset")) != null) {
        twice.add(partition);
      }
    }
    if (!twice.isEmpty()) {
      throw ToolException.wrongUsage(
              "Offset json file contains duplicate topic partitions: "
                  + twice.stream()
                      .distinct()
                      .map(TopicPartition::toString)
                      .collect(Collectors.joining(",")))
          .hint(PREFIX_ONLY);
    }
    return offsets;
  }

  private static void checkKeys(JsonObject entry) {
    for (String key : entry.fieldNames()) {
      if (!KEYS.contains(key)) {
        throw ToolException.wrongUsage("'" + key + "' is not understood in " + entry)
            .hint(PREFIX_ONLY);
      }
    }
  }

  private static String text(JsonObject entry, String key) {
    if (entry.getValue(key) instanceof String text) {
      return text;
    }
    throw ToolException.wrongUsage("\"" + key + "\" is missing or no text in " + entry);
  }

  private static long number(JsonObject entry, String key) {
    Object value = entry.getValue(key);
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    ToolException wrong =
        ToolException.wrongUsage("\"" + key + "\" is missing or no whole number in " + entry);
    throw value instanceof JsonArray ? wrong.hint(PREFIX_ONLY) : wrong;
  }
}
