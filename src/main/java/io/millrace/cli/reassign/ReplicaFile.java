package io.millrace.cli.reassign;

import io.millrace.cli.tool.JsonText;
import io.millrace.cli.tool.ToolException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;

/**
 * Replicas that partitions are to have, as the JSON of {@code kafka-reassign-partitions} says them.
 *
 * @param entries in the order of the file
 *     <p>Immutable.
 */
public record ReplicaFile(List<Entry> entries) {
  /** Stands for a folder that the broker may choose. */
  private static final String ANY = "any";

  private static final String EXAMPLE =
      "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2]}]}";

  public ReplicaFile {
    entries = List.copyOf(entries);
  }

  /**
   * One partition.
   *
   * @param replicas ids of brokers, the preferred leader first
   * @param logDirs a folder for each, or "any"
   */
  public record Entry(TopicPartition partition, List<Integer> replicas, List<String> logDirs) {}

  /**
   * Reads a file.
   *
   * @throws ToolException when there is none or it has another form
   */
  public static ReplicaFile read(Path file) {
    return parse(text(file));
  }

  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      String why = Files.exists(file) ? "cannot be read: " + e.getMessage() : "does not exist";
      throw ToolException.wrongUsage("The file " + file + " " + why + ".").because(e);
    }
  }

  /** Reads the text of such a file. */
  public static ReplicaFile parse(String text) {
    JsonObject root = versioned(text);
    List<Entry> entries = new ArrayList<>();
    for (Object one : list(root.getValue("partitions", new JsonArray()), "partitions")) {
      entries.add(entry(one));
    }
    return new ReplicaFile(entries);
  }

  static JsonObject versioned(String text) {
    JsonObject root = JsonText.object(text, "The input string");
    Object version = root.getValue("version", 1);
    if (!Objects.equals(version, 1)) {
      throw ToolException.wrongUsage("Not supported version field value " + version)
          .hint("Write \"version\":1.");
    }
    return root;
  }

  private static Entry entry(Object one) {
    if (!(one instanceof JsonObject fields)
        || !(fields.getValue("topic") instanceof String topic)
        || !(fields.getValue("partition") instanceof Integer number)) {
      throw ToolException.wrongUsage("'" + one + "' names no topic and partition")
          .hint("Write " + EXAMPLE);
    }
    TopicPartition partition = new TopicPartition(topic, number);
    List<Integer> replicas = new ArrayList<>();
    for (Object replica : list(fields.getValue("replicas"), "replicas of " + partition)) {
      if (!(replica instanceof Integer id)) {
        throw ToolException.wrongUsage("'" + replica + "' is not the id of a broker")
            .hint("Write " + EXAMPLE);
      }
      replicas.add(id);
    }
    return new Entry(partition, List.copyOf(replicas), logDirs(fields, partition, replicas));
  }

  private static List<String> logDirs(
      JsonObject fields, TopicPartition partition, List<Integer> replicas) {
    if (!fields.containsKey("log_dirs")) {
      return replicas.stream().map(replica -> ANY).toList();
    }
    List<String> logDirs = new ArrayList<>();
    list(fields.getValue("log_dirs"), "log_dirs of " + partition)
        .forEach(one -> logDirs.add(String.valueOf(one)));
    if (logDirs.size() != replicas.size()) {
      throw ToolException.wrongUsage(
              "Size of replicas list "
                  + replicas
                  + " is different from size of log dirs list "
                  + logDirs
                  + " for partition "
                  + partition)
          .hint("Write a folder or \"any\" for each replica, or leave log_dirs out.");
    }
    return List.copyOf(logDirs);
  }

  static JsonArray list(Object value, String what) {
    if (value instanceof JsonArray array) {
      return array;
    }
    throw ToolException.wrongUsage("The " + what + " are no list").hint("Write " + EXAMPLE);
  }

  /**
   * The same, when it can be carried out.
   *
   * @throws ToolException when it is empty or names something twice
   */
  public ReplicaFile checked() {
    if (entries.isEmpty()) {
      throw ToolException.wrongUsage("Partition reassignment list cannot be empty")
          .hint("Write " + EXAMPLE);
    }
    Set<TopicPartition> seen = new HashSet<>();
    for (Entry entry : entries) {
      if (entry.replicas.isEmpty()) {
        throw ToolException.wrongUsage("Partition replica list cannot be empty")
            .hint("Name at least one broker for " + entry.partition + ".");
      }
      if (!seen.add(entry.partition)) {
        throw ToolException.wrongUsage(
                "Partition reassignment contains duplicate topic partitions: " + entry.partition)
            .hint("Leave all but one of them out.");
      }
      Set<Integer> once = new HashSet<>();
      for (Integer replica : entry.replicas) {
        if (!once.add(replica)) {
          throw ToolException.wrongUsage(
                  "Partition replica lists may not contain duplicate entries: "
                      + entry.partition
                      + " contains multiple entries for "
                      + replica)
              .hint("Name each broker once.");
        }
      }
    }
    return this;
  }

  /** Replicas by partition, sorted. */
  public Map<TopicPartition, List<Integer>> replicas() {
    Map<TopicPartition, List<Integer>> replicas = new TreeMap<>(Partitions.ORDER);
    entries.forEach(entry -> replicas.put(entry.partition, entry.replicas));
    return replicas;
  }

  static TopicPartitionReplica replica(TopicPartition partition, int broker) {
    return new TopicPartitionReplica(partition.topic(), partition.partition(), broker);
  }

  /** The folders that are named, by replica; sorted. */
  public Map<TopicPartitionReplica, String> folders() {
    Map<TopicPartitionReplica, String> folders = new TreeMap<>(Partitions.REPLICA_ORDER);
    for (Entry entry : entries) {
      for (int i = 0; i < entry.replicas.size(); i++) {
        if (!entry.logDirs.get(i).equals(ANY)) {
          folders.put(replica(entry.partition, entry.replicas.get(i)), entry.logDirs.get(i));
        }
      }
    }
    return folders;
  }

  /**
   * The JSON for these replicas, on one line.
   *
   * @param folders those that are known, by replica
   */
  public static String json(
      Map<TopicPartition, List<Integer>> replicas, Map<TopicPartitionReplica, String> folders) {
    List<Map<String, Object>> partitions = new ArrayList<>();
    replicas.forEach(
        (partition, ids) -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("topic", partition.topic());
          fields.put("partition", partition.partition());
          fields.put("replicas", ids);
          fields.put(
              "log_dirs",
              ids.stream().map(id -> folders.getOrDefault(replica(partition, id), ANY)).toList());
          partitions.add(fields);
        });
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("version", 1);
    root.put("partitions", partitions);
    return JsonText.line(root);
  }
}
