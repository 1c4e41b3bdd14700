package io.millrace.metadata;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * Replicas, ISR or leader of a partition change.
 *
 * @param topicId id of the topic
 * @param number number of the partition
 * @param decidedOnEpoch partition epoch on which this was decided
 * @param isrEpochs epochs of the registrations of {@code next}'s ISR, in its order (KIP-903); -1
 *     for a member that is not registered
 * @param next the partition from now on; its partition epoch is the next one
 */
public record PartitionChanged(
    Uuid topicId, int number, int decidedOnEpoch, List<Long> isrEpochs, PartitionImage next)
    implements Fact {

  public PartitionChanged {
    isrEpochs = List.copyOf(isrEpochs);
    if (isrEpochs.size() != next.isr().size()) {
      throw new IllegalArgumentException("one epoch for each member of the ISR");
    }
  }

  @Override
  public ClusterImage applyTo(ClusterImage image) {
    TopicImage topic = Preconditions.topic(image, topicId);
    PartitionImage before = topic.partition(number);
    if (before == null) {
      throw new FactRefusedException(topic.name() + " has no partition " + number);
    }
    Preconditions.require(
        before.partitionEpoch() == decidedOnEpoch && next.partitionEpoch() == decidedOnEpoch + 1,
        "%s-%d has partition epoch %d, the change from %d to %d does not follow it",
        topic.name(),
        number,
        before.partitionEpoch(),
        decidedOnEpoch,
        next.partitionEpoch());
    Preconditions.require(
        next.leaderEpoch() >= before.leaderEpoch(), "the leader epoch of %s falls", topic.name());
    for (int i = 0; i < isrEpochs.size(); i++) {
      Preconditions.isrMember(image, next.isr().get(i), isrEpochs.get(i));
    }
    return image.withTopic(topic.with(number, next));
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.topic(topicId);
  }
}
