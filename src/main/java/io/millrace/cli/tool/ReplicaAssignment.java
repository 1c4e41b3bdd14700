package io.millrace.cli.tool;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads which brokers hold which partition ({@code 0:1,1:2}). Stateless. */
public final class ReplicaAssignment {
  private ReplicaAssignment() {}

  /**
   * Reads it.
   *
   * @param text for each partition from 0 on its brokers with colons, partitions with commas
   * @return brokers by partition, in the order of the partitions
   * @throws ToolException when it has another form
   */
  public static Map<Integer, List<Integer>> parse(String text) {
    Map<Integer, List<Integer>> brokers = new LinkedHashMap<>();
    for (String one : text.split(",")) {
      List<Integer> replicas = replicas(one);
      if (!brokers.isEmpty() && brokers.get(0).size() != replicas.size()) {
        throw ToolException.failed(
            "Partition " + brokers.size() + " has different replication factor: " + replicas);
      }
      brokers.put(brokers.size(), replicas);
    }
    return brokers;
  }

  private static List<Integer> replicas(String text) {
    try {
      List<Integer> replicas =
          Arrays.stream(text.split(":")).map(String::strip).map(Integer::valueOf).toList();
      Set<Integer> once = new TreeSet<>();
      List<Integer> twice = replicas.stream().filter(one -> !once.add(one)).distinct().toList();
      if (!twice.isEmpty()) {
        throw ToolException.failed(
            "Partition replica lists may not contain duplicate entries: "
                + twice.stream().map(String::valueOf).collect(Collectors.joining(",")));
      }
      return replicas;
    } catch (NumberFormatException e) {
      throw ToolException.failed("'" + text + "' does not name brokers by their numbers")
          .hint("Write the brokers of each partition, for example 0:1,1:2,2:0.")
          .because(e);
    }
  }
}
