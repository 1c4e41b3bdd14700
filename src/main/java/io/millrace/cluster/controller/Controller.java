package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;

/**
 * The decider: an image and a request give facts and a reply. It holds no state; each answer holds
 * for the image that it was given. Immutable.
 */
public final class Controller {
  private final EffectiveConfigs configs;
  private final int brokerId;
  private final Supplier<Uuid> ids;

  /**
   * @param configs gives the controller's configuration at an image
   * @param brokerId id of the controller's broker
   * @param ids source of topic ids
   */
  public Controller(EffectiveConfigs configs, int brokerId, Supplier<Uuid> ids) {
    this.configs = configs;
    this.brokerId = brokerId;
    this.ids = ids;
  }

  /** Decides CreateTopics. */
  public Decision<CreateTopicsResponseData> createTopics(
      ClusterImage image, CreateTopicsRequestData request) {
    TopicRules rules = new ConfiguredTopicRules(configs.broker(image));
    return new TopicCreation(rules, ids).decide(image, request);
  }

  /** Decides DeleteTopics. */
  public Decision<DeleteTopicsResponseData> deleteTopics(
      ClusterImage image, DeleteTopicsRequestData request) {
    return new TopicDeletion().decide(image, request);
  }

  /** Decides CreatePartitions. */
  public Decision<CreatePartitionsResponseData> createPartitions(
      ClusterImage image, CreatePartitionsRequestData request) {
    return new PartitionGrowth().decide(image, request);
  }

  /** Decides AlterConfigs. */
  public Decision<AlterConfigsResponseData> alterConfigs(
      ClusterImage image, AlterConfigsRequestData request) {
    return new ConfigAlteration().replace(image, request);
  }

  /** Decides IncrementalAlterConfigs. */
  public Decision<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      ClusterImage image, IncrementalAlterConfigsRequestData request) {
    return new ConfigAlteration().change(image, request);
  }

  /** Decides AllocateProducerIds. */
  public Decision<AllocateProducerIdsResponseData> allocateProducerIds(
      ClusterImage image, AllocateProducerIdsRequestData request) {
    return new ProducerIds().decide(image, request);
  }

  /** Decides the creation of an internal topic. */
  public Decision<CreateTopicsResponseData> createInternalTopic(ClusterImage image, String name) {
    return createTopics(image, InternalTopics.creation(image, configs.broker(image), name));
  }

  /** Decides how topics from a folder of Apache Kafka become known. */
  public Decision<CreateTopicsResponseData> importTopics(
      ClusterImage image, List<TopicImport.Found> topics) {
    return TopicImport.decide(image, brokerId, topics, ids);
  }
}
