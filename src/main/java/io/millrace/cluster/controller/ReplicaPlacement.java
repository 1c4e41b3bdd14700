package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * Where the replicas of new partitions go. Leaders go round the living brokers, the followers of
 * each partition to the brokers behind its leader, so that both are spread evenly.
 */
final class ReplicaPlacement {
  private ReplicaPlacement() {}

  /**
   * Chooses replicas for {@code count} partitions.
   *
   * @param start position in the round of the first of them; any number
   * @throws RefusedException when there are not enough brokers
   */
  static List<List<Integer>> choose(
      ClusterImage image, int start, int count, int replicationFactor) {
    List<Integer> alive =
        image.brokers().values().stream().filter(b -> !b.fenced()).map(BrokerImage::id).toList();
    if (replicationFactor > image.brokers().size()) {
      throw cannotReplicate(
          replicationFactor,
          "The target replication factor of "
              + replicationFactor
              + " cannot be reached because only "
              + image.brokers().size()
              + " broker(s) are registered.");
    }
    if (replicationFactor > alive.size()) {
      throw cannotReplicate(
          replicationFactor,
          alive.isEmpty()
              ? "All brokers are currently fenced."
              : "The target replication factor of "
                  + replicationFactor
                  + " cannot be reached because only "
                  + alive.size()
                  + " broker(s) are not fenced.");
    }
    List<List<Integer>> placed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      placed.add(replicas(alive, start + i, replicationFactor));
    }
    return placed;
  }

  private static RefusedException cannotReplicate(int replicationFactor, String why) {
    return new RefusedException(
        Errors.INVALID_REPLICATION_FACTOR,
        "Unable to replicate the partition " + replicationFactor + " time(s): " + why);
  }

  private static List<Integer> replicas(List<Integer> alive, int position, int replicationFactor) {
    // The gap between leader and first follower widens with each round, as broker failures would
    // otherwise move all leaders of one broker to its one neighbour.
    int size = alive.size();
    int leader = Math.floorMod(position, size);
    int shift = size > 1 ? Math.floorMod(Math.floorDiv(position, size), size - 1) : 0;
    List<Integer> replicas = new ArrayList<>(replicationFactor);
    replicas.add(alive.get(leader));
    for (int i = 1; i < replicationFactor; i++) {
      int behind = 1 + (shift + i - 1) % (size - 1);
      replicas.add(alive.get((leader + behind) % size));
    }
    return replicas;
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
    List<Integer> alive = replicas.stream().filter(image::isAlive).toList();
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
