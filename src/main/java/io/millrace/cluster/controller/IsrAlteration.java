package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides AlterPartition: the leader of a partition changes its ISR (KIP-497). Members must be
 * alive in the registration that the leader means (KIP-841, KIP-903). A leader that leaves itself
 * out hands its leadership to one of the others.
 */
final class IsrAlteration {
  private static final byte RECOVERED = 0;

  private final EffectiveConfigs configs;

  private record Named(Uuid topicId, int partition) {}

  IsrAlteration(EffectiveConfigs configs) {
    this.configs = configs;
  }

  Decision<AlterPartitionResponseData> decide(
      ClusterImage image, AlterPartitionRequestData request) {
    AlterPartitionResponseData reply = new AlterPartitionResponseData();
    BrokerImage asker = image.broker(request.brokerId());
    if (asker == null || asker.epoch() != request.brokerEpoch()) {
      return Decision.only(reply.setErrorCode(Errors.STALE_BROKER_EPOCH.code()));
    }
    IsrRules.ByTopic rules = new IsrRules.ByTopic(configs, image);
    List<Fact> facts = new ArrayList<>();
    Set<Named> named = new HashSet<>();
    for (AlterPartitionRequestData.TopicData wish : request.topics()) {
      AlterPartitionResponseData.TopicData answer =
          new AlterPartitionResponseData.TopicData().setTopicId(wish.topicId());
      reply.topics().add(answer);
      TopicImage topic = image.topic(wish.topicId());
      for (AlterPartitionRequestData.PartitionData partition : wish.partitions()) {
        answer.partitions().add(alter(image, rules, asker.id(), topic, partition, named, facts));
      }
    }
    return new Decision<>(facts, reply);
  }

  private static AlterPartitionResponseData.PartitionData alter(
      ClusterImage image,
      IsrRules.ByTopic rules,
      int asker,
      @Nullable TopicImage topic,
      AlterPartitionRequestData.PartitionData wish,
      Set<Named> named,
      List<Fact> facts) {
    AlterPartitionResponseData.PartitionData answer =
        new AlterPartitionResponseData.PartitionData().setPartitionIndex(wish.partitionIndex());
    if (topic == null) {
      return answer.setErrorCode(Errors.UNKNOWN_TOPIC_ID.code());
    }
    PartitionImage now = topic.partition(wish.partitionIndex());
    if (now == null) {
      return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    if (!named.add(new Named(topic.id(), wish.partitionIndex()))) {
      return answer.setErrorCode(Errors.INVALID_REQUEST.code());
    }
    if (isDone(asker, now, wish)) {
      return told(answer, now);
    }
    Errors error = check(image, asker, now, wish);
    if (error != Errors.NONE) {
      return answer.setErrorCode(error.code());
    }
    List<Integer> isr = wish.newIsrWithEpochs().stream().map(BrokerState::brokerId).toList();
    Optional<PartitionChanged> change =
        new PartitionEdit(image, topic, wish.partitionIndex(), rules.of(topic.name()))
            .isr(isr)
            .confirmedByLeader()
            .build();
    change.ifPresent(facts::add);
    PartitionImage next = change.map(PartitionChanged::next).orElse(now);
    return next.leaderEpoch() == now.leaderEpoch()
        ? told(answer, next)
        : answer.setErrorCode(Errors.NEW_LEADER_ELECTED.code());
  }

  /** A repeat of the change that was decided last: its answer was lost. */
  private static boolean isDone(
      int asker, PartitionImage now, AlterPartitionRequestData.PartitionData wish) {
    return asker == now.leader()
        && wish.leaderEpoch() == now.leaderEpoch()
        && wish.partitionEpoch() == now.partitionEpoch() - 1
        && now.isr().equals(wish.newIsrWithEpochs().stream().map(BrokerState::brokerId).toList());
  }

  private static Errors check(
      ClusterImage image,
      int asker,
      PartitionImage now,
      AlterPartitionRequestData.PartitionData wish) {
    if (wish.leaderEpoch() > now.leaderEpoch() || wish.partitionEpoch() > now.partitionEpoch()) {
      return Errors.NOT_CONTROLLER;
    }
    if (wish.leaderEpoch() < now.leaderEpoch()) {
      return Errors.FENCED_LEADER_EPOCH;
    }
    if (asker != now.leader()) {
      return Errors.INVALID_REQUEST;
    }
    if (wish.partitionEpoch() < now.partitionEpoch()) {
      return Errors.INVALID_UPDATE_VERSION;
    }
    List<Integer> isr = wish.newIsrWithEpochs().stream().map(BrokerState::brokerId).toList();
    boolean possible =
        !isr.isEmpty()
            && now.replicas().containsAll(isr)
            && new HashSet<>(isr).size() == isr.size()
            && wish.leaderRecoveryState() == RECOVERED;
    if (!possible) {
      return Errors.INVALID_REQUEST;
    }
    return wish.newIsrWithEpochs().stream().allMatch(member -> mayJoin(image, now, member))
        ? Errors.NONE
        : Errors.INELIGIBLE_REPLICA;
  }

  private static boolean mayJoin(ClusterImage image, PartitionImage partition, BrokerState member) {
    BrokerImage broker = image.broker(member.brokerId());
    return broker != null
        && image.mayLead(member.brokerId())
        && !partition.offline().contains(member.brokerId())
        && (member.brokerEpoch() == -1 || member.brokerEpoch() == broker.epoch());
  }

  private static AlterPartitionResponseData.PartitionData told(
      AlterPartitionResponseData.PartitionData answer, PartitionImage partition) {
    return answer
        .setLeaderId(partition.leader())
        .setLeaderEpoch(partition.leaderEpoch())
        .setIsr(partition.isr())
        .setPartitionEpoch(partition.partitionEpoch());
  }
}
