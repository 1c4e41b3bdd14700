package io.millrace.cli.reassign;

import io.millrace.cli.tool.ToolException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the replicas of topics may go when they are spread over some brokers anew. Leaders go round
 * the brokers and the other replicas to those behind the leader, in another rack where there is one
 * (KIP-36). The same topics and brokers always give the same proposal. Stateless.
 */
public final class ReplicaProposal {
  private ReplicaProposal() {}

  /**
   * The topics that a file names: {@code {"topics":[{"topic":"t"}],"version":1}}.
   *
   * @throws ToolException when it has another form or names one twice
   */
  public static List<String> topics(Path file) {
    JsonObject root = ReplicaFile.versioned(ReplicaFile.text(file));
    List<String> topics = new ArrayList<>();
    for (Object one : ReplicaFile.list(root.getValue("topics", new JsonArray()), "topics")) {
      if (!(one instanceof JsonObject entry)
          || !(entry.getValue("topic") instanceof String topic)) {
        throw ToolException.wrongUsage("'" + one + "' names no topic")
            .hint("Write {\"version\":1,\"topics\":[{\"topic\":\"t\"}]}");
      }
      topics.add(topic);
    }
    noneTwice(topics, "List of topics to reassign");
    return topics;
  }

  /**
   * The ids of brokers in a list with commas.
   *
   * @throws ToolException when one is no number or is there twice
   */
  public static List<Integer> brokers(String list) {
    List<Integer> ids = new ArrayList<>();
    for (String one : list.split(",")) {
      if (!one.strip().matches("\\d{1,9}")) {
        throw ToolException.wrongUsage("'" + one + "' is not the id of a broker")
            .hint("Write for example: --broker-list 0,1,2");
      }
      ids.add(Integer.parseInt(one.strip()));
    }
    noneTwice(ids, "Broker list");
    return ids;
  }

  private static <T extends Comparable<T>> void noneTwice(List<T> values, String what) {
    Set<T> seen = new HashSet<>();
    Set<T> twice = new TreeSet<>();
    values.stream().filter(value -> !seen.add(value)).forEach(twice::add);
    if (!twice.isEmpty()) {
      throw ToolException.wrongUsage(what + " contains duplicate entries: " + twice)
          .hint("Name each once.");
    }
  }

  /**
   * Proposes replicas, as many for each partition as it has.
   *
   * @param now replicas of all partitions of the topics, sorted
   * @param brokers those that may hold them
   * @param racks whether to heed their racks
   * @throws ToolException when there are too few brokers, or only some have a rack
   */
  public static Map<TopicPartition, List<Integer>> of(
      Map<TopicPartition, List<Integer>> now, Collection<Node> brokers, boolean racks) {
    List<Node> round = rackByRack(brokers, racks);
    Map<TopicPartition, List<Integer>> proposed = new TreeMap<>(Partitions.ORDER);
    int place = 0;
    for (Map.Entry<TopicPartition, List<Integer>> one : now.entrySet()) {
      if (one.getValue().size() > round.size()) {
        throw ToolException.failed(
                "Replication factor: "
                    + one.getValue().size()
                    + " larger than available brokers: "
                    + round.size())
            .hint("Name more brokers with --broker-list.");
      }
      proposed.put(one.getKey(), replicas(round, place++, one.getValue().size(), racks));
    }
    return proposed;
  }

  private static List<Node> rackByRack(Collection<Node> brokers, boolean racks) {
    long without = brokers.stream().filter(broker -> !broker.hasRack()).count();
    if (racks && without > 0 && without < brokers.size()) {
      throw ToolException.failed(
              "Not all brokers have rack information. Add --disable-rack-aware in command line to"
                  + " make replica assignment without rack information.")
          .hint("Or give each broker a broker.rack.");
    }
    Map<String, List<Node>> byRack = new TreeMap<>();
    brokers.stream()
        .sorted(Comparator.comparingInt(Node::id))
        .forEach(
            broker ->
                byRack.computeIfAbsent(rack(broker, racks), r -> new ArrayList<>()).add(broker));
    List<Node> round = new ArrayList<>();
    for (int i = 0; round.size() < brokers.size(); i++) {
      for (List<Node> inRack : byRack.values()) {
        if (i < inRack.size()) {
          round.add(inRack.get(i));
        }
      }
    }
    return round;
  }

  private static String rack(Node broker, boolean racks) {
    return racks ? Objects.requireNonNullElse(broker.rack(), "") : "";
  }

  private static List<Integer> replicas(List<Node> round, int place, int count, boolean racks) {
    int size = round.size();
    List<Node> chosen = new ArrayList<>();
    chosen.add(round.get(place % size));
    // In each further round of leaders the followers are those a step further.
    int shift = size == 1 ? 0 : place / size % (size - 1);
    List<Node> others = new ArrayList<>();
    for (int i = 0; i < size - 1; i++) {
      others.add(round.get((place + 1 + (shift + i) % (size - 1)) % size));
    }
    for (boolean fresh : new boolean[] {true, false}) {
      for (Node other : others) {
        boolean known =
            chosen.stream().anyMatch(one -> rack(one, racks).equals(rack(other, racks)));
        if (chosen.size() < count && !chosen.contains(other) && (!fresh || !racks || !known)) {
          chosen.add(other);
        }
      }
    }
    return chosen.stream().map(Node::id).toList();
  }
}
