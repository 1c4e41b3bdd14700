package io.millrace.partition.replication;

import io.millrace.metadata.BrokerFenced;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * The controller of a {@link ReplicaWorld}: decides who leads and what ISRs are as the test wants
 * it, answers the brokers' proposals of ISRs, into which nobody gets who is fenced or has started
 * anew since (KIP-841, KIP-903), and tells of every change.
 *
 * <p>Confined to: the test's thread.
 */
final class ReplicaController {
  private final Consumer<ClusterChange> told;
  private ClusterImage image = ClusterImage.EMPTY;
  private long nextEpoch = 100;

  /** A controller that has decided nothing; {@code told} gets each change in order. */
  ReplicaController(Consumer<ClusterChange> told) {
    this.told = told;
  }

  /** What is decided so far. */
  ClusterImage image() {
    return image;
  }

  /** A partition as it is decided so far. */
  PartitionImage decided(int number) {
    TopicImage topic = image.topic(ReplicaWorld.TOPIC);
    return topic.partitions().get(number);
  }

  /** Decides a fact, and tells of it. */
  void decide(Fact fact) {
    ClusterChange.Touched touched = new ClusterChange.Touched();
    ClusterImage before = image;
    fact.touch(before, touched);
    image = before.apply(fact);
    told.accept(touched.between(before, image));
  }

  /** Gives a partition another leader or ISR. */
  void change(int number, int leader, List<Integer> isr) {
    PartitionImage now = decided(number);
    boolean newTerm = leader != now.leader();
    List<Long> epochs = isr.stream().map(id -> image.broker(id).epoch()).toList();
    decide(
        new PartitionChanged(
            ReplicaWorld.TOPIC_ID,
            number,
            now.partitionEpoch(),
            epochs,
            new PartitionImage(
                now.replicas(),
                isr,
                leader,
                now.leaderEpoch() + (newTerm ? 1 : 0),
                now.partitionEpoch() + 1)));
  }

  /** Answers proposals of ISRs, as AlterPartition does. */
  AlterPartitionResponseData alter(AlterPartitionRequestData request) {
    AlterPartitionResponseData answer = new AlterPartitionResponseData();
    if (!isAlive(request.brokerId(), request.brokerEpoch())) {
      return answer.setErrorCode(Errors.STALE_BROKER_EPOCH.code());
    }
    for (AlterPartitionRequestData.TopicData topic : request.topics()) {
      AlterPartitionResponseData.TopicData told =
          new AlterPartitionResponseData.TopicData().setTopicId(topic.topicId());
      answer.topics().add(told);
      topic.partitions().forEach(each -> told.partitions().add(alter(request.brokerId(), each)));
    }
    return answer;
  }

  private AlterPartitionResponseData.PartitionData alter(
      int leader, AlterPartitionRequestData.PartitionData wanted) {
    PartitionImage now = decided(wanted.partitionIndex());
    List<Integer> isr = wanted.newIsrWithEpochs().stream().map(m -> m.brokerId()).toList();
    Errors error = Errors.NONE;
    if (now.leader() != leader || now.leaderEpoch() != wanted.leaderEpoch()) {
      error = Errors.FENCED_LEADER_EPOCH;
    } else if (now.partitionEpoch() != wanted.partitionEpoch()) {
      error = Errors.INVALID_UPDATE_VERSION;
    } else if (!wanted.newIsrWithEpochs().stream()
        .allMatch(m -> isAlive(m.brokerId(), m.brokerEpoch()))) {
      error = Errors.INELIGIBLE_REPLICA;
    } else {
      change(wanted.partitionIndex(), isr.contains(leader) ? leader : isr.get(0), isr);
      now = decided(wanted.partitionIndex());
    }
    return new AlterPartitionResponseData.PartitionData()
        .setPartitionIndex(wanted.partitionIndex())
        .setErrorCode(error.code())
        .setLeaderId(now.leader())
        .setLeaderEpoch(now.leaderEpoch())
        .setIsr(now.isr())
        .setPartitionEpoch(now.partitionEpoch());
  }

  private boolean isAlive(int id, long epoch) {
    BrokerImage broker = image.broker(id);
    return broker != null && !broker.fenced() && broker.epoch() == epoch;
  }

  /** Fences a broker and takes it out of every ISR; another member leads. */
  void fence(int id) {
    BrokerImage broker = image.broker(id);
    decide(new BrokerFenced(id, broker.epoch()));
    for (int number = 0; number < image.topic(ReplicaWorld.TOPIC).partitions().size(); number++) {
      PartitionImage now = decided(number);
      List<Integer> isr = now.isr().stream().filter(each -> each != id).toList();
      boolean last = isr.isEmpty();
      int leader = now.leader() != id ? now.leader() : last ? -1 : isr.get(0);
      change(number, leader, last ? now.isr() : isr);
    }
  }

  /**
   * A broker started: it is fenced as it was, registered and unfenced, and leads what it alone has.
   */
  void register(int id, Uuid incarnation, List<Endpoint> endpoints) {
    BrokerImage before = image.broker(id);
    if (before != null && !before.fenced()) {
      fence(id);
    }
    long epoch = nextEpoch++;
    decide(
        new BrokerRegistered(
            id, epoch, before == null ? -1 : before.epoch(), incarnation, endpoints, "rack-" + id));
    decide(new BrokerUnfenced(id, epoch));
    TopicImage topic = image.topic(ReplicaWorld.TOPIC);
    for (int number = 0; topic != null && number < topic.partitions().size(); number++) {
      PartitionImage now = decided(number);
      if (now.leader() < 0 && now.isr().contains(id)) {
        change(number, id, List.of(id));
      }
    }
  }
}
