package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;

/**
 * Where the replicas of new partitions go. Leaders go round the living brokers, the followers of
 * each partition to the brokers behind its leader, so that both are spread evenly; replicas of a
 * partition are in as many racks as there are (KIP-36). Where the living brokers or their racks are
 * too few, brokers that are away follow as well, as in Kafka: they come in sync when they are back,
 * so that topics can be created while brokers are restarted one after another.
 */
final class ReplicaPlacement {
  /**
   * Who copied our file for three brokers, as for Kafka, has three that know nothing of each other.
   */
  private static final String HOW_TO_BE_MORE =
      " Brokers whose files have the same zookeeper.connect, or the same cluster.join, form a cluster"
          + " (docs/cluster.md).";

  private ReplicaPlacement() {}

  /**
   * Chooses replicas for {@code count} partitions.
   *
   * @param start position in the round of the first of them; any number
   * @throws RefusedException when there are not enough brokers
   */
  static List<List<Integer>> choose(
      ClusterImage image, int start, int count, int replicationFactor) {
    List<Integer> alive = rackByRack(image, true);
    if (replicationFactor > image.brokers().size()) {
      throw cannotReplicate(
          replicationFactor,
          "The target replication factor of "
              + replicationFactor
              + " cannot be reached because only "
              + image.brokers().size()
              + " broker(s) are registered."
              + (image.brokers().size() == 1 ? HOW_TO_BE_MORE : ""));
    }
    if (alive.isEmpty()) {
      throw cannotReplicate(
          replicationFactor, "All brokers are currently fenced or in controlled shutdown.");
    }
    if (alive.size() == 1 && replicationFactor == 1) {
      return Collections.nCopies(count, List.copyOf(alive));
    }
    List<Integer> away = rackByRack(image, false);
    List<List<Integer>> placed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      placed.add(replicas(image, alive, away, start + i, replicationFactor));
    }
    return placed;
  }

  /**
   * The living brokers, or those that are away, one of each rack in turn, so that neighbours are in
   * different racks.
   */
  private static List<Integer> rackByRack(ClusterImage image, boolean alive) {
    Map<String, ArrayDeque<Integer>> byRack = new TreeMap<>();
    for (BrokerImage broker : image.brokers().values()) {
      if (image.mayLead(broker.id()) == alive) {
        byRack.computeIfAbsent(rack(broker), r -> new ArrayDeque<>()).add(broker.id());
      }
    }
    List<Integer> ordered = new ArrayList<>();
    while (!byRack.isEmpty()) {
      byRack.values().forEach(brokers -> ordered.add(brokers.poll()));
      byRack.values().removeIf(ArrayDeque::isEmpty);
    }
    return ordered;
  }

  private static String rack(BrokerImage broker) {
    return broker.rack() == null ? "" : broker.rack();
  }

  static String rack(ClusterImage image, int id) {
    BrokerImage broker = image.broker(id);
    return broker == null ? "" : rack(broker);
  }

  private static RefusedException cannotReplicate(int replicationFactor, String why) {
    return new RefusedException(
        Errors.INVALID_REPLICATION_FACTOR,
        "Unable to replicate the partition " + replicationFactor + " time(s): " + why);
  }

  private static List<Integer> replicas(
      ClusterImage image,
      List<Integer> alive,
      List<Integer> away,
      int position,
      int replicationFactor) {
    // The gap between leader and first follower widens with each round, as broker failures would
    // otherwise move all leaders of one broker to its one neighbour.
    int size = alive.size();
    int leader = Math.floorMod(position, size);
    int shift = size > 1 ? Math.floorMod(Math.floorDiv(position, size), size - 1) : 0;
    List<Integer> behind = new ArrayList<>(size + away.size());
    for (int i = 0; i < size - 1; i++) {
      behind.add(alive.get((leader + 1 + (shift + i) % (size - 1)) % size));
    }
    for (int i = 0; i < away.size(); i++) {
      behind.add(away.get(Math.floorMod(position + i, away.size())));
    }
    List<Integer> replicas = new ArrayList<>(replicationFactor);
    replicas.add(alive.get(leader));
    Set<String> racks = new HashSet<>();
    racks.add(rack(image, alive.get(leader)));
    // Racks that have none yet come first (KIP-36).
    for (int id : behind) {
      if (replicas.size() < replicationFactor && racks.add(rack(image, id))) {
        replicas.add(id);
      }
    }
    for (int id : behind) {
      if (replicas.size() < replicationFactor && !replicas.contains(id)) {
        replicas.add(id);
      }
    }
    // Stable: who is away leads last, also when it is alone in its rack.
    replicas.sort(Comparator.comparing(id -> !image.mayLead(id)));
    return replicas;
  }

  /**
   * New partitions with these replicas: those that are away are outside the ISR until they are
   * back. Partitions with the same replicas are the same until something happens to one of them.
   */
  static List<PartitionImage> created(ClusterImage image, List<List<Integer>> placed) {
    Map<List<Integer>, PartitionImage> made = new HashMap<>();
    List<PartitionImage> partitions = new ArrayList<>(placed.size());
    for (List<Integer> replicas : placed) {
      partitions.add(
          made.computeIfAbsent(
              replicas,
              same -> PartitionImage.created(same, same.stream().filter(image::mayLead).toList())));
    }
    return partitions;
  }

  /**
   * Checks replicas that the asker chose.
   *
   * @param size number of replicas that they must be; -1 for any
   * @throws RefusedException when a partition cannot live there
   */
  static void check(ClusterImage image, List<Integer> replicas, int size) {
    if (replicas.isEmpty()) {
      throw badAssignment("The manual partition assignment includes an empty replica list.");
    }
    Set<Integer> seen = new HashSet<>();
    for (int id : replicas) {
      if (image.broker(id) == null) {
        throw badAssignment(
            "The manual partition assignment includes broker "
                + id
                + ", but no such broker is registered.");
      }
      if (!seen.add(id)) {
        throw badAssignment(
            "The manual partition assignment includes the broker " + id + " more than once.");
      }
    }
    if (size >= 0 && replicas.size() != size) {
      throw badAssignment(
          "The manual partition assignment includes a partition with "
              + replicas.size()
              + " replica(s), but this is not consistent with previous partitions, which have "
              + size
              + " replica(s).");
    }
  }

  /** The living ones among replicas that the asker chose: the first ISR. */
  static List<Integer> alive(ClusterImage image, List<Integer> replicas, int partition) {
    List<Integer> alive = replicas.stream().filter(image::mayLead).toList();
    if (alive.isEmpty()) {
      throw badAssignment(
          "All brokers specified in the manual partition assignment for partition "
              + partition
              + " are fenced or in controlled shutdown.");
    }
    return alive;
  }

  private static RefusedException badAssignment(String message) {
    return new RefusedException(Errors.INVALID_REPLICA_ASSIGNMENT, message);
  }
}
