package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How many replicas and preferred leaders the living brokers have, counted on while a plan is made.
 * Confined to: its maker's thread.
 */
final class BrokerLoad {
  private final ClusterImage image;
  private final Map<Integer, Integer> replicas = new TreeMap<>();
  private final Map<Integer, Integer> leaders = new TreeMap<>();

  BrokerLoad(ClusterImage image) {
    this.image = image;
    for (BrokerImage broker : image.brokers().values()) {
      if (image.mayLead(broker.id())) {
        replicas.put(broker.id(), 0);
        leaders.put(broker.id(), 0);
      }
    }
    for (TopicImage topic : image.topics().values()) {
      for (PartitionImage partition : topic.partitions()) {
        List<Integer> target = partition.targetReplicas();
        target.forEach(id -> count(replicas, id, 1));
        if (!target.isEmpty()) {
          count(leaders, target.get(0), 1);
        }
      }
    }
  }

  private static void count(Map<Integer, Integer> counts, int broker, int more) {
    counts.computeIfPresent(broker, (id, count) -> count + more);
  }

  Set<Integer> brokers() {
    return replicas.keySet();
  }

  int replicas(int broker) {
    return replicas.getOrDefault(broker, 0);
  }

  int leaders(int broker) {
    return leaders.getOrDefault(broker, 0);
  }

  void moved(List<Integer> before, List<Integer> after) {
    before.forEach(id -> count(replicas, id, -1));
    after.forEach(id -> count(replicas, id, 1));
    count(leaders, before.get(0), -1);
    count(leaders, after.get(0), 1);
  }

  /**
   * The living broker that is best for one more replica of a partition: in a rack that has none,
   * and with the fewest replicas.
   *
   * @param others brokers that hold the partition besides
   * @param excluded brokers that are not wanted
   */
  Optional<Integer> bestFor(Collection<Integer> others, Collection<Integer> excluded) {
    Set<String> racks = new HashSet<>();
    others.forEach(id -> racks.add(ReplicaPlacement.rack(image, id)));
    return replicas.keySet().stream()
        .filter(id -> !others.contains(id) && !excluded.contains(id))
        .min(
            Comparator.<Integer, Boolean>comparing(
                    id -> racks.contains(ReplicaPlacement.rack(image, id)))
                .thenComparing(this::replicas)
                .thenComparing(id -> id));
  }

  /** Number of racks among those brokers. */
  int racks(Collection<Integer> brokers) {
    Set<String> racks = new HashSet<>();
    brokers.forEach(id -> racks.add(ReplicaPlacement.rack(image, id)));
    return racks.size();
  }
}
