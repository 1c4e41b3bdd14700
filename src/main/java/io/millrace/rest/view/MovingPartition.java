package io.millrace.rest.view;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A partition whose replicas move (KIP-455). Immutable.
 *
 * @param id its topic and number
 * @param decided its replicas and what becomes of them
 */
record MovingPartition(TopicPartition id, PartitionImage decided) implements Row {

  /** All partitions whose replicas move now. */
  static List<MovingPartition> all(ClusterImage image) {
    List<MovingPartition> moving = new ArrayList<>();
    for (TopicImage topic : image.topics().values()) {
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage decided = topic.partitions().get(number);
        if (!decided.adding().isEmpty() || !decided.removing().isEmpty()) {
          moving.add(new MovingPartition(new TopicPartition(topic.name(), number), decided));
        }
      }
    }
    return moving;
  }

  @Override
  public Object key() {
    return id.toString();
  }

  @Override
  public JsonObject json() {
    return new JsonObject()
        .put("key", id.toString())
        .put("topic", id.topic())
        .put("partition", id.partition())
        .put("replicas", new JsonArray(decided.replicas()))
        .put("adding", new JsonArray(decided.adding()))
        .put("removing", new JsonArray(decided.removing()))
        .put("isr", new JsonArray(decided.isr()));
  }
}
