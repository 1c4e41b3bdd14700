package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.PartitionsAdded;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** Decides CreatePartitions: more partitions for topics that exist (KIP-195). */
final class PartitionGrowth {

  Decision<CreatePartitionsResponseData> decide(
      ClusterImage image, CreatePartitionsRequestData request) {
    CreatePartitionsResponseData reply = new CreatePartitionsResponseData();
    List<Fact> facts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Set<String> duplicates = new HashSet<>();
    request
        .topics()
        .forEach(
            wish -> {
              if (!seen.add(wish.name())) {
                duplicates.add(wish.name());
              }
            });
    int budget = TopicCreation.PARTITIONS_MAX;
    for (String name : seen) {
      CreatePartitionsTopic wish = request.topics().find(name);
      CreatePartitionsTopicResult result =
          new CreatePartitionsTopicResult().setName(name).setErrorMessage(null);
      reply.results().add(result);
      try {
        if (duplicates.contains(name)) {
          throw new RefusedException(Errors.INVALID_REQUEST, "Duplicate topic in request.");
        }
        PartitionsAdded added = grow(image, wish, budget);
        budget -= added.partitions().size();
        facts.add(added);
      } catch (RefusedException refused) {
        result.setErrorCode(refused.error().code()).setErrorMessage(refused.getMessage());
      }
    }
    return request.validateOnly() ? Decision.only(reply) : new Decision<>(facts, reply);
  }

  private static PartitionsAdded grow(ClusterImage image, CreatePartitionsTopic wish, int budget) {
    TopicImage topic = image.topic(wish.name());
    if (topic == null) {
      throw new RefusedException(
          Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
    }
    int before = topic.partitions().size();
    if (wish.count() == before) {
      throw new RefusedException(
          Errors.INVALID_PARTITIONS, "Topic already has " + before + " partition(s).");
    }
    if (wish.count() < before) {
      throw new RefusedException(
          Errors.INVALID_PARTITIONS,
          "The topic "
              + wish.name()
              + " currently has "
              + before
              + " partition(s); "
              + wish.count()
              + " would not be an increase.");
    }
    int added = wish.count() - before;
    if (added > budget) {
      throw new RefusedException(
          Errors.POLICY_VIOLATION, "Excessively large number of partitions per request.");
    }
    return new PartitionsAdded(topic.id(), before, partitions(image, wish, topic, added));
  }

  private static List<PartitionImage> partitions(
      ClusterImage image, CreatePartitionsTopic wish, TopicImage topic, int added) {
    int before = topic.partitions().size();
    int factor = topic.partitions().get(0).targetReplicas().size();
    if (wish.assignments() == null) {
      int start = topic.name().hashCode() + before;
      return ReplicaPlacement.created(image, ReplicaPlacement.choose(image, start, added, factor));
    }
    if (wish.assignments().size() != added) {
      throw new RefusedException(
          Errors.INVALID_REPLICA_ASSIGNMENT,
          "Attempted to add "
              + added
              + " additional partition(s), but only "
              + wish.assignments().size()
              + " assignment(s) were specified.");
    }
    List<PartitionImage> partitions = new ArrayList<>();
    for (CreatePartitionsRequestData.CreatePartitionsAssignment assignment : wish.assignments()) {
      List<Integer> replicas = assignment.brokerIds();
      ReplicaPlacement.check(image, replicas, factor);
      int number = before + partitions.size();
      partitions.add(
          PartitionImage.created(replicas, ReplicaPlacement.alive(image, replicas, number)));
    }
    return partitions;
  }
}
