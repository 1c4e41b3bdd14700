package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides AlterPartitionReassignments (KIP-455, KIP-860): replicas that are wanted are added, and
 * when they are in sync those that are not wanted go. A new target replaces one that is under way,
 * and what that one had added and nobody wants goes at once; so does all that it had added when it
 * is cancelled.
 */
final class Reassignment {
  private final EffectiveConfigs configs;

  Reassignment(EffectiveConfigs configs) {
    this.configs = configs;
  }

  Decision<AlterPartitionReassignmentsResponseData> decide(
      ClusterImage image, AlterPartitionReassignmentsRequestData request) {
    AlterPartitionReassignmentsResponseData reply =
        new AlterPartitionReassignmentsResponseData()
            .setErrorMessage(null)
            .setAllowReplicationFactorChange(request.allowReplicationFactorChange());
    IsrRules.ByTopic rules = new IsrRules.ByTopic(configs, image);
    List<Fact> facts = new ArrayList<>();
    // A topic may be named more than once.
    Map<String, Set<Integer>> seen = new HashMap<>();
    for (ReassignableTopic wish : request.topics()) {
      TopicImage topic = image.topic(wish.name());
      ReassignableTopicResponse answer = new ReassignableTopicResponse().setName(wish.name());
      reply.responses().add(answer);
      Set<Integer> named = seen.computeIfAbsent(wish.name(), first -> new HashSet<>());
      for (ReassignablePartition partition : wish.partitions()) {
        ReassignablePartitionResponse result =
            new ReassignablePartitionResponse()
                .setPartitionIndex(partition.partitionIndex())
                .setErrorMessage(null);
        answer.partitions().add(result);
        try {
          refuseIf(
              !named.add(partition.partitionIndex()),
              Errors.INVALID_REQUEST,
              "Partition " + partition.partitionIndex() + " is named twice.");
          change(image, topic, partition, rules, request.allowReplicationFactorChange())
              .ifPresent(facts::add);
        } catch (RefusedException refused) {
          result.setErrorCode(refused.error().code()).setErrorMessage(refused.getMessage());
        }
      }
    }
    return new Decision<>(facts, reply);
  }

  private static Optional<PartitionChanged> change(
      ClusterImage image,
      @Nullable TopicImage topic,
      ReassignablePartition wish,
      IsrRules.ByTopic rules,
      boolean mayChangeFactor) {
    PartitionImage now = topic == null ? null : topic.partition(wish.partitionIndex());
    if (topic == null || now == null) {
      throw new RefusedException(
          Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
    }
    PartitionEdit edit =
        new PartitionEdit(image, topic, wish.partitionIndex(), rules.of(topic.name()));
    if (wish.replicas() == null) {
      return cancel(now, edit);
    }
    ReplicaPlacement.check(image, wish.replicas(), -1);
    int factor = original(now).size();
    refuseIf(
        !mayChangeFactor && wish.replicas().size() != factor,
        Errors.INVALID_REPLICATION_FACTOR,
        "The replication factor is changed from " + factor + " to " + wish.replicas().size());
    refuseIf(
        leavesNobody(now, staying(now, wish.replicas())),
        Errors.INVALID_REPLICA_ASSIGNMENT,
        "No replica that is or was last in sync would be left: wait until the reassignment under way is done.");
    return toward(now, wish.replicas(), edit);
  }

  private static Set<Integer> staying(PartitionImage now, List<Integer> target) {
    Set<Integer> staying = new HashSet<>(original(now));
    staying.addAll(target);
    return staying;
  }

  /** Whether none of them can hold what was acknowledged: the partition would never lead again. */
  private static boolean leavesNobody(PartitionImage now, Collection<Integer> staying) {
    Set<Integer> holders = new HashSet<>(now.isr());
    if (holders.isEmpty()) {
      holders.addAll(now.eligible());
      holders.addAll(now.lastIsr());
    }
    return !holders.isEmpty() && Collections.disjoint(holders, staying);
  }

  private static Optional<PartitionChanged> cancel(PartitionImage now, PartitionEdit edit) {
    refuseIf(
        !now.isReassigned(),
        Errors.NO_REASSIGNMENT_IN_PROGRESS,
        Errors.NO_REASSIGNMENT_IN_PROGRESS.message());
    List<Integer> back = original(now);
    refuseIf(
        leavesNobody(now, back),
        Errors.INVALID_REPLICA_ASSIGNMENT,
        "The reassignment cannot be cancelled: only replicas that it added are or were last in"
            + " sync.");
    return edit.replicas(back, List.of(), List.of()).build();
  }

  /** The replicas without those that a reassignment under way adds. */
  private static List<Integer> original(PartitionImage partition) {
    List<Integer> original = new ArrayList<>(partition.replicas());
    original.removeAll(partition.adding());
    return original;
  }

  /** The change that leads to these replicas. */
  static Optional<PartitionChanged> toward(
      PartitionImage now, List<Integer> target, PartitionEdit edit) {
    List<Integer> original = original(now);
    List<Integer> adding = new ArrayList<>(target);
    adding.removeAll(original);
    List<Integer> removing = new ArrayList<>(original);
    removing.removeAll(target);
    List<Integer> all = new ArrayList<>(target);
    all.addAll(removing);
    return edit.replicas(all, adding, removing).build();
  }

  private static void refuseIf(boolean wrong, Errors error, String message) {
    if (wrong) {
      throw new RefusedException(error, message);
    }
  }
}
