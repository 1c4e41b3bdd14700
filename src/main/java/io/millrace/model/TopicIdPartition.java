package io.millrace.model;

import org.apache.kafka.common.Uuid;

/**
 * A partition of one incarnation of a topic (KIP-516): a topic that was deleted and created again
 * has the same name and another id.
 *
 * @param topicId id of the topic
 * @param topicPartition its name and the partition's number
 */
public record TopicIdPartition(Uuid topicId, TopicPartition topicPartition) {

  /** Name of the topic. */
  public String topic() {
    return topicPartition.topic();
  }

  /** Number of the partition, from 0. */
  public int partition() {
    return topicPartition.partition();
  }
}
