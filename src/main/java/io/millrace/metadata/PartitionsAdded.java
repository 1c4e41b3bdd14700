package io.millrace.metadata;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A topic has more partitions from now on.
 *
 * @param topicId id of the topic
 * @param first number of the first new partition: the count of partitions before
 * @param partitions the new partitions
 */
public record PartitionsAdded(Uuid topicId, int first, List<PartitionImage> partitions)
    implements Fact {

  public PartitionsAdded {
    partitions = List.copyOf(partitions);
  }

  @Override
  public ClusterImage applyTo(ClusterImage image) {
    TopicImage topic = Preconditions.topic(image, topicId);
    Preconditions.require(
        topic.partitions().size() == first,
        "topic %s has %d partitions, not %d",
        topic.name(),
        topic.partitions().size(),
        first);
    return image.withTopic(topic.plusAll(partitions));
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.topic(topicId);
  }
}
