package io.millrace.partition.replication;

import io.millrace.model.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/** A partition as fetches name it. Immutable. */
record PartKey(Uuid topicId, int number) {
  static PartKey of(TopicIdPartition id) {
    return new PartKey(id.topicId(), id.partition());
  }
}
