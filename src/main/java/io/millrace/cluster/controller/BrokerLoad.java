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
 * How many replicas the living brokers have, counted on while more are placed. Confined to: its
 * maker's thread.
 */
final class BrokerLoad {
  private final ClusterImage image;
  private final Map<Integer, Integer> replicas = new TreeMap<>();

  BrokerLoad(ClusterImage image) {
    this.image = image;
    for (BrokerImage broker : image.brokers().values()) {
      if (image.mayLead(broker.id())) {
        replicas.put(broker.id(), 0);
      }
    }
    for (TopicImage topic : image.topics().values()) {
      for (PartitionImage partition : topic.partitions()) {
        partition.targetReplicas().forEach(id -> count(id, 1));
      }
    }
  }

  private void count(int broker, int more) {
    replicas.computeIfPresent(broker, (id, count) -> count + more);
  }

  private int replicas(int broker) {
    return replicas.getOrDefault(broker, 0);
  }

  void moved(List<Integer> before, List<Integer> after) {
    before.forEach(id -> count(id, -1));
    after.forEach(id -> count(id, 1));
  }

  /**
   * The living broker that is best for one more replica of a partition: in a rack that has none,
   * and with the fewest replicas.
   *
   * @param others brokers that hold the partition
   */
  Optional<Integer> bestFor(Collection<Integer> others) {
    Set<String> racks = new HashSet<>();
    others.forEach(id -> racks.add(ReplicaPlacement.rack(image, id)));
    return replicas.keySet().stream()
        .filter(id -> !others.contains(id))
        .min(
            Comparator.<Integer, Boolean>comparing(
                    id -> racks.contains(ReplicaPlacement.rack(image, id)))
                .thenComparing(this::replicas)
                .thenComparing(id -> id));
  }
}
