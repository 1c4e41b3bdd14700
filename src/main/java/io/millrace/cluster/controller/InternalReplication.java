package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.internals.Topic;

/**
 * Raises the replication factor of internal topics as brokers join, up to three, unless the
 * configuration names a number.
 */
final class InternalReplication {
  private final EffectiveConfigs configs;

  InternalReplication(EffectiveConfigs configs) {
    this.configs = configs;
  }

  List<Fact> raise(ClusterImage image) {
    BrokerConfig config = configs.broker(image);
    List<Fact> facts = new ArrayList<>();
    if (!InternalTopics.isAutomatic(config)) {
      return facts;
    }
    int wanted = InternalTopics.replicationFactor(image, config);
    BrokerLoad load = new BrokerLoad(image);
    IsrRules.ByTopic rules = new IsrRules.ByTopic(configs, image);
    for (TopicImage topic : image.topics().values()) {
      if (Topic.isInternal(topic.name())) {
        for (int number = 0; number < topic.partitions().size(); number++) {
          raise(image, topic, number, wanted, load, rules.of(topic.name())).ifPresent(facts::add);
        }
      }
    }
    return facts;
  }

  private static Optional<? extends Fact> raise(
      ClusterImage image,
      TopicImage topic,
      int number,
      int wanted,
      BrokerLoad load,
      IsrRules rules) {
    PartitionImage partition = topic.partitions().get(number);
    if (partition.isReassigned()
        || partition.replicas().size() >= wanted
        || !partition.hasLeader()) {
      return Optional.empty();
    }
    List<Integer> target = new ArrayList<>(partition.replicas());
    while (target.size() < wanted) {
      Optional<Integer> more = load.bestFor(target);
      if (more.isEmpty()) {
        break;
      }
      target.add(more.get());
    }
    load.moved(partition.replicas(), target);
    return Reassignment.toward(partition, target, new PartitionEdit(image, topic, number, rules));
  }
}
