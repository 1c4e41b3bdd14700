package io.millrace.metadata;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * A topic exists from now on.
 *
 * @param id its id, never used before
 * @param name its name
 * @param partitions its partitions, by number, at least one
 * @param configs its dynamic configs
 */
public record TopicCreated(
    Uuid id, String name, List<PartitionImage> partitions, Map<String, String> configs)
    implements Fact {

  public TopicCreated {
    partitions = TreePVector.from(partitions);
    configs = Collections.unmodifiableMap(new TreeMap<>(configs));
  }

  @Override
  public ClusterImage applyTo(ClusterImage image) {
    Preconditions.require(image.topic(name) == null, "topic %s exists", name);
    Preconditions.require(image.topic(id) == null, "topic id %s is in use", id);
    ClusterImage created = image.withTopic(TopicImage.of(name, id, partitions));
    return configs.isEmpty()
        ? created
        : created.withConfigs(ConfigScope.topic(name), TreePMap.from(configs));
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.topic(id);
  }
}
