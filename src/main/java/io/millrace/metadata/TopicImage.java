package io.millrace.metadata;

import java.util.Collection;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * A topic and its partitions. Immutable.
 *
 * @param name name of the topic
 * @param id id of this incarnation of the topic (KIP-516)
 * @param partitions its partitions, by number
 */
public record TopicImage(String name, Uuid id, PVector<PartitionImage> partitions) {

  static TopicImage of(String name, Uuid id, Collection<PartitionImage> partitions) {
    return new TopicImage(name, id, TreePVector.from(partitions));
  }

  /** The partition of that number, or null when the topic has no such partition. */
  public @Nullable PartitionImage partition(int number) {
    return number < 0 || number >= partitions.size() ? null : partitions.get(number);
  }

  TopicImage plusAll(Collection<PartitionImage> added) {
    return new TopicImage(name, id, partitions.plusAll(added));
  }

  TopicImage with(int number, PartitionImage partition) {
    return new TopicImage(name, id, partitions.with(number, partition));
  }
}
