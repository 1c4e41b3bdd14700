package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides ElectLeaders (KIP-183, KIP-460), and when preferred leaders lead again without being
 * asked ({@code auto.leader.rebalance.enable}).
 */
final class LeaderElection {
  /** Most leaders that are moved at once without being asked. */
  private static final int RESTORED_MAX = 1000;

  private final EffectiveConfigs configs;

  LeaderElection(EffectiveConfigs configs) {
    this.configs = configs;
  }

  Decision<ElectLeadersResponseData> decide(ClusterImage image, ElectLeadersRequestData request) {
    ElectLeadersResponseData reply = new ElectLeadersResponseData();
    Optional<ElectionType> type = type(request.electionType());
    if (type.isEmpty()) {
      return Decision.only(reply.setErrorCode(Errors.INVALID_REQUEST.code()));
    }
    IsrRules.ByTopic rules = new IsrRules.ByTopic(configs, image);
    List<Fact> facts = new ArrayList<>();
    Map<String, Map<Integer, Errors>> seen = new HashMap<>();
    boolean all = request.topicPartitions() == null;
    for (TopicPartitions wish : all ? everything(image) : List.copyOf(request.topicPartitions())) {
      TopicImage topic = image.topic(wish.topic());
      List<PartitionResult> results = new ArrayList<>();
      // A topic may be named more than once: what was elected is told again.
      Map<Integer, Errors> elected = seen.computeIfAbsent(wish.topic(), first -> new HashMap<>());
      for (int number : new HashSet<>(wish.partitions())) {
        Errors error =
            elected.computeIfAbsent(
                number, first -> elect(image, topic, first, type.get(), rules, facts));
        if (!all || error != Errors.ELECTION_NOT_NEEDED) {
          results.add(
              new PartitionResult()
                  .setPartitionId(number)
                  .setErrorCode(error.code())
                  .setErrorMessage(error == Errors.NONE ? null : error.message()));
        }
      }
      if (!results.isEmpty()) {
        reply
            .replicaElectionResults()
            .add(new ReplicaElectionResult().setTopic(wish.topic()).setPartitionResult(results));
      }
    }
    return new Decision<>(facts, reply);
  }

  private static Optional<ElectionType> type(byte code) {
    return java.util.Arrays.stream(ElectionType.values())
        .filter(type -> type.value == code)
        .findFirst();
  }

  private static List<TopicPartitions> everything(ClusterImage image) {
    return image.topics().values().stream()
        .map(
            topic ->
                new TopicPartitions()
                    .setTopic(topic.name())
                    .setPartitions(IntStream.range(0, topic.partitions().size()).boxed().toList()))
        .toList();
  }

  private static Errors elect(
      ClusterImage image,
      @Nullable TopicImage topic,
      int number,
      ElectionType type,
      IsrRules.ByTopic rules,
      List<Fact> facts) {
    PartitionImage partition = topic == null ? null : topic.partition(number);
    if (topic == null || partition == null) {
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    boolean preferred = type == ElectionType.PREFERRED;
    if (preferred ? partition.leader() == partition.replicas().get(0) : partition.hasLeader()) {
      return Errors.ELECTION_NOT_NEEDED;
    }
    Optional<PartitionChanged> change =
        new PartitionEdit(image, topic, number, rules.of(topic.name()))
            .election(preferred ? PartitionEdit.Election.PREFERRED : PartitionEdit.Election.UNCLEAN)
            .build()
            .filter(changed -> changed.next().leader() != partition.leader());
    if (change.isEmpty()) {
      return preferred
          ? Errors.PREFERRED_LEADER_NOT_AVAILABLE
          : Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE;
    }
    facts.add(change.get());
    return Errors.NONE;
  }

  /**
   * The elections that give brokers back what they are to lead, where more than {@code
   * imbalancePercentage} of it is led by others.
   */
  List<Fact> restorePreferred(ClusterImage image, int imbalancePercentage) {
    Set<Integer> unbalanced = unbalanced(image, imbalancePercentage);
    IsrRules.ByTopic rules = new IsrRules.ByTopic(configs, image);
    List<Fact> facts = new ArrayList<>();
    for (TopicImage topic : image.topics().values()) {
      int number = 0;
      for (PartitionImage partition : topic.partitions()) {
        int preferred = partition.replicas().get(0);
        if (facts.size() < RESTORED_MAX
            && partition.leader() != preferred
            && partition.isr().contains(preferred)
            && unbalanced.contains(preferred)) {
          new PartitionEdit(image, topic, number, rules.of(topic.name()))
              .election(PartitionEdit.Election.PREFERRED)
              .build()
              .ifPresent(facts::add);
        }
        number++;
      }
    }
    return facts;
  }

  private static Set<Integer> unbalanced(ClusterImage image, int percentage) {
    Map<Integer, Integer> preferred = new HashMap<>();
    Map<Integer, Integer> ledByOthers = new HashMap<>();
    for (TopicImage topic : image.topics().values()) {
      for (PartitionImage partition : topic.partitions()) {
        int broker = partition.replicas().get(0);
        preferred.merge(broker, 1, Integer::sum);
        if (partition.leader() != broker) {
          ledByOthers.merge(broker, 1, Integer::sum);
        }
      }
    }
    Set<Integer> unbalanced = new HashSet<>();
    ledByOthers.forEach(
        (broker, count) -> {
          if (image.mayLead(broker) && count * 100L > (long) percentage * preferred.get(broker)) {
            unbalanced.add(broker);
          }
        });
    return unbalanced;
  }
}
