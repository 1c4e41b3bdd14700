package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.config.TopicKeys;
import io.millrace.metadata.ClusterImage;
import java.util.Map;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;

/** How the topics are made that brokers keep their own state in. */
public final class InternalTopics {
  private static final int REPLICAS_WANTED = 3;

  private InternalTopics() {}

  /**
   * The request that creates an internal topic.
   *
   * @throws IllegalArgumentException when no such internal topic is known
   */
  public static CreateTopicsRequestData creation(
      ClusterImage image, BrokerConfig config, String name) {
    if (!name.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
      throw new IllegalArgumentException("not an internal topic: " + name);
    }
    CreatableTopic topic =
        new CreatableTopic()
            .setName(name)
            .setNumPartitions(config.get(BrokerKeys.OFFSETS_TOPIC_NUM_PARTITIONS))
            .setReplicationFactor(replicationFactor(image, config));
    Map.of(
            TopicKeys.CLEANUP_POLICY.name(), "compact",
            TopicKeys.COMPRESSION_TYPE.name(), "producer",
            TopicKeys.SEGMENT_BYTES.name(),
                config.get(BrokerKeys.OFFSETS_TOPIC_SEGMENT_BYTES).toString())
        .forEach(
            (key, value) ->
                topic.configs().add(new CreatableTopicConfig().setName(key).setValue(value)));
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(topic);
    return request;
  }

  /** Whether the number of replicas follows the number of brokers. */
  static boolean isAutomatic(BrokerConfig config) {
    return config.get(BrokerKeys.INTERNAL_TOPICS_REPLICATION_FACTOR).equals("auto");
  }

  static short replicationFactor(ClusterImage image, BrokerConfig config) {
    if (!isAutomatic(config)) {
      return Short.parseShort(config.get(BrokerKeys.INTERNAL_TOPICS_REPLICATION_FACTOR));
    }
    long alive = image.brokers().keySet().stream().filter(image::mayLead).count();
    return (short) Math.max(1, Math.min(REPLICAS_WANTED, alive));
  }
}
