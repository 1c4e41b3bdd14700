package io.millrace.metadata;

import org.apache.kafka.common.Uuid;

/**
 * A topic exists no more, and its dynamic configs with it.
 *
 * @param id id of the topic
 */
public record TopicDeleted(Uuid id) implements Fact {
  @Override
  public ClusterImage applyTo(ClusterImage image) {
    return image.withoutTopic(Preconditions.topic(image, id));
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.topic(id);
  }
}
