package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicCreated;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides CreateTopics: which of the topics can be, and where their replicas go. Each topic is
 * judged on its own, on the image that those before it in the request have left.
 */
final class TopicCreation {
  /** Most partitions that one request may create, as in Kafka. */
  static final int PARTITIONS_MAX = 10_000;

  private final TopicRules rules;
  private final Supplier<Uuid> ids;

  TopicCreation(TopicRules rules, Supplier<Uuid> ids) {
    this.rules = rules;
    this.ids = ids;
  }

  Decision<CreateTopicsResponseData> decide(ClusterImage image, CreateTopicsRequestData request) {
    CreateTopicsResponseData reply = new CreateTopicsResponseData();
    Set<String> duplicates = duplicates(request);
    @Nullable String tooMany = tooManyPartitions(request);
    List<Fact> facts = new ArrayList<>();
    // Many topics of a request have the same settings, most often none of their own.
    Map<Map<String, String>, List<CreatableTopicConfigs>> described = new HashMap<>();
    ClusterImage after = image;
    for (CreatableTopic wish : request.topics()) {
      if (reply.topics().find(wish.name()) != null) {
        continue;
      }
      CreatableTopicResult result = new CreatableTopicResult().setName(wish.name());
      reply.topics().add(result);
      try {
        refuseIf(duplicates.contains(wish.name()), Errors.INVALID_REQUEST, "Duplicate topic name.");
        refuseIf(tooMany != null, Errors.POLICY_VIOLATION, tooMany);
        TopicCreated created = create(after, wish);
        after = after.apply(created);
        facts.add(created);
        tell(result, created);
        result.setConfigs(described.computeIfAbsent(created.configs(), rules::describe));
      } catch (RefusedException refused) {
        result.setErrorCode(refused.error().code()).setErrorMessage(refused.getMessage());
        result.setNumPartitions(-1).setReplicationFactor((short) -1);
      }
    }
    return request.validateOnly() ? Decision.only(withoutIds(reply)) : new Decision<>(facts, reply);
  }

  private void tell(CreatableTopicResult result, TopicCreated created) {
    result
        .setErrorMessage(null)
        .setTopicId(created.id())
        .setNumPartitions(created.partitions().size())
        .setReplicationFactor((short) created.partitions().get(0).replicas().size());
  }

  /** A topic that is not created has no id. */
  private static CreateTopicsResponseData withoutIds(CreateTopicsResponseData reply) {
    reply.topics().forEach(topic -> topic.setTopicId(Uuid.ZERO_UUID));
    return reply;
  }

  private static Set<String> duplicates(CreateTopicsRequestData request) {
    Set<String> seen = new HashSet<>();
    Set<String> duplicates = new HashSet<>();
    for (CreatableTopic wish : request.topics()) {
      if (!seen.add(wish.name())) {
        duplicates.add(wish.name());
      }
    }
    return duplicates;
  }

  private @Nullable String tooManyPartitions(CreateTopicsRequestData request) {
    long partitions = 0;
    for (CreatableTopic wish : request.topics()) {
      int assigned = wish.assignments().size();
      int asked = wish.numPartitions() > 0 ? wish.numPartitions() : rules.partitions();
      partitions += assigned > 0 ? assigned : asked;
    }
    return partitions <= PARTITIONS_MAX
        ? null
        : "Excessively large number of partitions per request.";
  }

  private TopicCreated create(ClusterImage image, CreatableTopic wish) {
    checkName(image, wish.name());
    Map<String, String> configs = configs(wish);
    List<PartitionImage> partitions =
        wish.assignments().isEmpty() ? placed(image, wish) : assigned(image, wish);
    return new TopicCreated(ids.get(), wish.name(), partitions, configs);
  }

  private static void checkName(ClusterImage image, String name) {
    try {
      Topic.validate(name);
    } catch (InvalidTopicException e) {
      throw new RefusedException(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
    }
    TopicImage existing = image.topic(name);
    refuseIf(
        existing != null,
        Errors.TOPIC_ALREADY_EXISTS,
        existing == null ? "" : "Topic '" + existing.name() + "' already exists.");
    Set<String> similar = image.namesSimilarTo(name);
    if (!similar.isEmpty() && Topic.hasCollisionChars(name)) {
      throw new RefusedException(
          Errors.INVALID_TOPIC_EXCEPTION,
          "Topic '" + name + "' collides with existing topic: " + similar.iterator().next());
    }
  }

  private Map<String, String> configs(CreatableTopic wish) {
    Map<String, String> configs = new TreeMap<>();
    for (CreateTopicsRequestData.CreatableTopicConfig config : wish.configs()) {
      if (config.value() == null) {
        throw new RefusedException(
            Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + config.name());
      }
      // A key that is named twice has its last value, as in Kafka.
      configs.put(config.name(), config.value());
    }
    rules.check(configs);
    return configs;
  }

  private List<PartitionImage> placed(ClusterImage image, CreatableTopic wish) {
    refuseIf(
        wish.numPartitions() == 0 || wish.numPartitions() < -1,
        Errors.INVALID_PARTITIONS,
        "Number of partitions was set to an invalid non-positive value.");
    refuseIf(
        wish.replicationFactor() == 0 || wish.replicationFactor() < -1,
        Errors.INVALID_REPLICATION_FACTOR,
        "Replication factor must be larger than 0, or -1 to use the default value.");
    int count = wish.numPartitions() == -1 ? rules.partitions() : wish.numPartitions();
    int factor =
        wish.replicationFactor() == -1 ? rules.replicationFactor() : wish.replicationFactor();
    int start = wish.name().hashCode();
    return ReplicaPlacement.created(image, ReplicaPlacement.choose(image, start, count, factor));
  }

  private static List<PartitionImage> assigned(ClusterImage image, CreatableTopic wish) {
    refuseIf(
        wish.replicationFactor() != -1,
        Errors.INVALID_REQUEST,
        "A manual partition assignment was specified, but replication factor was not set to -1.");
    refuseIf(
        wish.numPartitions() != -1,
        Errors.INVALID_REQUEST,
        "A manual partition assignment was specified, but numPartitions was not set to -1.");
    Map<Integer, List<Integer>> byNumber = new HashMap<>();
    for (CreatableReplicaAssignment assignment : wish.assignments()) {
      int number = assignment.partitionIndex();
      refuseIf(
          byNumber.put(number, assignment.brokerIds()) != null,
          Errors.INVALID_REPLICA_ASSIGNMENT,
          "Found multiple manual partition assignments for partition " + number);
    }
    List<PartitionImage> partitions = new ArrayList<>();
    int factor = -1;
    for (int number = 0; number < byNumber.size(); number++) {
      List<Integer> replicas = byNumber.get(number);
      if (replicas == null) {
        throw new RefusedException(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "partitions should be a consecutive 0-based integer sequence");
      }
      ReplicaPlacement.check(image, replicas, factor);
      factor = replicas.size();
      partitions.add(
          PartitionImage.created(replicas, ReplicaPlacement.alive(image, replicas, number)));
    }
    return partitions;
  }

  private static void refuseIf(boolean wrong, Errors error, @Nullable String message) {
    if (wrong) {
      throw new RefusedException(error, message == null ? error.message() : message);
    }
  }
}
