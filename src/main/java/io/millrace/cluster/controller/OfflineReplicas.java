package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicIdPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData;
import org.apache.kafka.common.message.AssignReplicasToDirsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides AssignReplicasToDirs (KIP-858) as far as it says that replicas are in a lost log folder:
 * they leave leadership and ISR like those of a dead broker, until their broker starts anew. In
 * which folder a replica lies otherwise is the broker's own business here.
 */
final class OfflineReplicas {
  /** Stands for a log folder that failed. */
  static final Uuid LOST = new Uuid(0, 1);

  private final EffectiveConfigs configs;

  OfflineReplicas(EffectiveConfigs configs) {
    this.configs = configs;
  }

  Decision<AssignReplicasToDirsResponseData> decide(
      ClusterImage image, AssignReplicasToDirsRequestData request) {
    AssignReplicasToDirsResponseData reply = new AssignReplicasToDirsResponseData();
    BrokerImage broker = image.broker(request.brokerId());
    if (broker == null || broker.epoch() != request.brokerEpoch()) {
      return Decision.only(reply.setErrorCode(Errors.STALE_BROKER_EPOCH.code()));
    }
    IsrRules.ByTopic rules = new IsrRules.ByTopic(configs, image);
    List<Fact> facts = new ArrayList<>();
    for (AssignReplicasToDirsRequestData.DirectoryData directory : request.directories()) {
      AssignReplicasToDirsResponseData.DirectoryData answer =
          new AssignReplicasToDirsResponseData.DirectoryData().setId(directory.id());
      reply.directories().add(answer);
      for (AssignReplicasToDirsRequestData.TopicData topic : directory.topics()) {
        answer.topics().add(judge(image, rules, broker, directory, topic, facts));
      }
    }
    return new Decision<>(facts, reply);
  }

  /** The request that reports replicas in a failed log folder. */
  static AssignReplicasToDirsRequestData request(
      int broker, long epoch, Collection<TopicIdPartition> replicas) {
    Map<Uuid, AssignReplicasToDirsRequestData.TopicData> topics = new LinkedHashMap<>();
    for (TopicIdPartition replica : replicas) {
      topics
          .computeIfAbsent(
              replica.topicId(),
              id -> new AssignReplicasToDirsRequestData.TopicData().setTopicId(id))
          .partitions()
          .add(
              new AssignReplicasToDirsRequestData.PartitionData()
                  .setPartitionIndex(replica.partition()));
    }
    return new AssignReplicasToDirsRequestData()
        .setBrokerId(broker)
        .setBrokerEpoch(epoch)
        .setDirectories(
            List.of(
                new AssignReplicasToDirsRequestData.DirectoryData()
                    .setId(LOST)
                    .setTopics(List.copyOf(topics.values()))));
  }

  private static AssignReplicasToDirsResponseData.TopicData judge(
      ClusterImage image,
      IsrRules.ByTopic rules,
      BrokerImage broker,
      AssignReplicasToDirsRequestData.DirectoryData directory,
      AssignReplicasToDirsRequestData.TopicData wish,
      List<Fact> facts) {
    AssignReplicasToDirsResponseData.TopicData answer =
        new AssignReplicasToDirsResponseData.TopicData().setTopicId(wish.topicId());
    TopicImage topic = image.topic(wish.topicId());
    Set<Integer> named = new HashSet<>();
    for (AssignReplicasToDirsRequestData.PartitionData partition : wish.partitions()) {
      int number = partition.partitionIndex();
      Errors error = check(topic, number, broker.id());
      if (error == Errors.NONE
          && topic != null
          && directory.id().equals(LOST)
          && named.add(number)) {
        new PartitionEdit(image, topic, number, rules.of(topic.name()))
            .leaves(broker.id())
            .offline(broker.id(), true)
            .build()
            .ifPresent(facts::add);
      }
      answer
          .partitions()
          .add(
              new AssignReplicasToDirsResponseData.PartitionData()
                  .setPartitionIndex(number)
                  .setErrorCode(error.code()));
    }
    return answer;
  }

  private static Errors check(@Nullable TopicImage topic, int number, int broker) {
    if (topic == null) {
      return Errors.UNKNOWN_TOPIC_ID;
    }
    PartitionImage partition = topic.partition(number);
    if (partition == null) {
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    return partition.replicas().contains(broker) ? Errors.NONE : Errors.NOT_LEADER_OR_FOLLOWER;
  }
}
