package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;

/** Brokers that come, go and lead, step by step. Confined to: the test's thread. */
final class BrokerSteps {
  final Controller controller;
  ClusterImage image;
  private long incarnations = 50;

  BrokerSteps(int brokers, Map<String, String> config) {
    controller = Images.controller(config);
    image = Images.of(brokers);
  }

  void happen(List<? extends Fact> facts) {
    image = Images.after(image, facts);
  }

  void create(String topic, int partition, Integer... replicas) {
    happen(
        controller
            .createTopics(image, Images.creation(Images.assigned(topic, partition, replicas)))
            .facts());
  }

  PartitionImage partition(String topic) {
    return image.topic(topic).partition(0);
  }

  long epoch(int broker) {
    return image.broker(broker).epoch();
  }

  void fence(int broker) {
    happen(controller.fence(image, image.broker(broker)));
  }

  /** A request of a new process with that broker's folder. */
  BrokerRegistrationRequestData registration(int broker, long previousEpoch) {
    return Controller.registration(image.clusterId(), applicant(broker, previousEpoch));
  }

  private BrokerAdmission.Applicant applicant(int broker, long previousEpoch) {
    return new BrokerAdmission.Applicant(
        broker,
        new Uuid(3, incarnations++),
        List.of(new Endpoint("A", "PLAINTEXT", "host", 9092)),
        "rack",
        previousEpoch >= 0,
        previousEpoch,
        new Uuid(2, broker),
        "1.2.3");
  }

  BrokerRegistrationResponseData register(
      BrokerRegistrationRequestData request, boolean holderLives) {
    Decision<BrokerRegistrationResponseData> decision =
        controller.registerBroker(image, request, holderLives);
    happen(decision.facts());
    return decision.reply();
  }

  /** The log folder fails in which that broker has the topic's first partition. */
  void loseFolderOf(String topic, int broker) {
    TopicIdPartition lost =
        new TopicIdPartition(image.topic(topic).id(), new TopicPartition(topic, 0));
    happen(
        controller
            .assignReplicas(image, Controller.offline(broker, epoch(broker), List.of(lost)))
            .facts());
  }

  /** The process of the only broker starts anew. */
  void beginAlone(boolean trusted) {
    happen(controller.beginAlone(image, applicant(0, trusted ? epoch(0) : -1), "unused"));
  }

  /** The broker's process starts anew and serves. */
  void restart(int broker, boolean clean) {
    register(registration(broker, clean ? epoch(broker) : -1), false);
    unfence(broker);
  }

  void unfence(int broker) {
    heartbeat(broker, false, true, true);
  }

  BrokerHeartbeatResponseData heartbeat(
      int broker, boolean wantShutDown, boolean caughtUp, boolean othersCaughtUp) {
    Decision<BrokerHeartbeatResponseData> decision =
        controller.heartbeat(
            image,
            new BrokerHeartbeatRequestData()
                .setBrokerId(broker)
                .setBrokerEpoch(epoch(broker))
                .setWantFence(false)
                .setWantShutDown(wantShutDown),
            caughtUp,
            othersCaughtUp);
    happen(decision.facts());
    return decision.reply();
  }

  /** What the leader asks for now: that ISR, with the epochs of today. */
  AlterPartitionRequestData.PartitionData wish(String topic, Integer... isr) {
    PartitionImage now = partition(topic);
    AlterPartitionRequestData.PartitionData wish =
        new AlterPartitionRequestData.PartitionData()
            .setPartitionIndex(0)
            .setLeaderEpoch(now.leaderEpoch())
            .setPartitionEpoch(now.partitionEpoch());
    for (int id : isr) {
      wish.newIsrWithEpochs()
          .add(
              new AlterPartitionRequestData.BrokerState()
                  .setBrokerId(id)
                  .setBrokerEpoch(image.broker(id) == null ? -1 : epoch(id)));
    }
    return wish;
  }

  AlterPartitionRequestData request(
      int asker, String topic, AlterPartitionRequestData.PartitionData wish) {
    AlterPartitionRequestData request =
        new AlterPartitionRequestData().setBrokerId(asker).setBrokerEpoch(epoch(asker));
    request
        .topics()
        .add(
            new AlterPartitionRequestData.TopicData()
                .setTopicId(image.topic(topic).id())
                .setPartitions(List.of(wish)));
    return request;
  }

  AlterPartitionResponseData alter(AlterPartitionRequestData request) {
    Decision<AlterPartitionResponseData> decision = controller.alterPartition(image, request);
    happen(decision.facts());
    return decision.reply();
  }

  /** The leader changes its ISR to that one. */
  AlterPartitionResponseData.PartitionData isr(String topic, Integer... isr) {
    return alter(request(partition(topic).leader(), topic, wish(topic, isr)))
        .topics()
        .get(0)
        .partitions()
        .get(0);
  }
}
