package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.Fact;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;

/** Images and requests that specs of the controller begin with. */
final class Images {
  private Images() {}

  /** A cluster of that many living brokers, with ids from 0. */
  static ClusterImage of(int brokers) {
    ClusterImage image = ClusterImage.EMPTY;
    for (int id = 0; id < brokers; id++) {
      BrokerAdmission.Applicant applicant =
          new BrokerAdmission.Applicant(
              id,
              new Uuid(1, id),
              List.of(new Endpoint("A", "PLAINTEXT", "", 0)),
              null,
              true,
              -1,
              new Uuid(2, id),
              "");
      image = after(image, BrokerAdmission.alone(configs(Map.of()), image, applicant, "cluster"));
    }
    return image;
  }

  static ClusterImage after(ClusterImage image, List<? extends Fact> facts) {
    ClusterImage next = image;
    for (Fact fact : facts) {
      next = next.apply(fact);
    }
    return next;
  }

  /** What a controller with that configuration reads. */
  static EffectiveConfigs configs(Map<String, String> config) {
    return new EffectiveConfigs(BrokerConfig.of(config), 0);
  }

  /** A controller with ids that count up. */
  static Controller controller(Map<String, String> config) {
    AtomicLong ids = new AtomicLong(100);
    return new Controller(
        new EffectiveConfigs(BrokerConfig.of(config), 0),
        0,
        () -> new Uuid(9, ids.getAndIncrement()));
  }

  static CreatableTopic topic(String name, int partitions, int replicationFactor) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) replicationFactor);
  }

  static CreatableTopic with(CreatableTopic topic, String key, String value) {
    topic.configs().add(new CreatableTopicConfig().setName(key).setValue(value));
    return topic;
  }

  static CreatableTopic assigned(String name, int partition, Integer... brokers) {
    return assign(topic(name, -1, -1), partition, brokers);
  }

  static CreatableTopic assign(CreatableTopic topic, int partition, Integer... brokers) {
    topic
        .assignments()
        .add(
            new CreatableReplicaAssignment()
                .setPartitionIndex(partition)
                .setBrokerIds(List.of(brokers)));
    return topic;
  }

  static CreateTopicsRequestData creation(CreatableTopic... topics) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    for (CreatableTopic topic : topics) {
      request.topics().add(topic);
    }
    return request;
  }

  /** The image with these topics of one partition. */
  static ClusterImage withTopics(ClusterImage image, String... names) {
    ClusterImage next = image;
    for (String name : names) {
      next =
          after(next, controllerFor(name).createTopics(next, creation(topic(name, 1, 1))).facts());
    }
    return next;
  }

  private static Controller controllerFor(String name) {
    return new Controller(
        new EffectiveConfigs(BrokerConfig.DEFAULTS, 0), 0, () -> new Uuid(8, name.hashCode()));
  }
}
