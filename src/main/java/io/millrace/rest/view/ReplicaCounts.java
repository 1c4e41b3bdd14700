package io.millrace.rest.view;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** How many replicas each broker has and how they are, by one image. Confined to: its maker. */
final class ReplicaCounts {
  private static final class Counts {
    int replicas;
    int leaders;
    int inSync;
    int moving;
  }

  private final Map<Integer, Counts> byBroker = new HashMap<>();

  private ReplicaCounts() {}

  static ReplicaCounts of(ClusterImage image) {
    ReplicaCounts counts = new ReplicaCounts();
    for (TopicImage topic : image.topics().values()) {
      topic.partitions().forEach(counts::add);
    }
    return counts;
  }

  private void add(PartitionImage partition) {
    partition.replicas().forEach(id -> at(id).replicas++);
    partition.isr().forEach(id -> at(id).inSync++);
    partition.adding().forEach(id -> at(id).moving++);
    partition.removing().forEach(id -> at(id).moving++);
    if (partition.leader() != PartitionImage.NO_LEADER) {
      at(partition.leader()).leaders++;
    }
  }

  private Counts at(int broker) {
    return byBroker.computeIfAbsent(broker, id -> new Counts());
  }

  /** Of one broker: replicas, those in sync and those not, leaderships, replicas that move. */
  JsonObject of(int broker) {
    Counts counts = byBroker.getOrDefault(broker, new Counts());
    return new JsonObject()
        .put("partitions", counts.replicas)
        .put("leaders", counts.leaders)
        .put("inSync", counts.inSync)
        .put("outOfSync", Math.max(0, counts.replicas - counts.inSync))
        .put("moving", counts.moving);
  }
}
