package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.ConfigKeyHints;
import io.millrace.cli.tool.ReplicaAssignment;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Creates, alters and deletes topics as {@code kafka-topics} does. Confined to: the main thread.
 */
final class TopicChanges {
  private static final String COLLISION =
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_')"
          + " could collide. To avoid issues it is best to use either, but not both.";

  private final AdminSession session;
  private final Shell shell;

  /**
   * A topic to create.
   *
   * @param partitions null for the broker's default
   * @param replicationFactor null for the broker's default
   * @param assignment null to let the broker place the replicas
   * @param configs {@code key=value} each
   */
  record Wanted(
      String name,
      @Nullable Integer partitions,
      @Nullable Integer replicationFactor,
      @Nullable String assignment,
      List<String> configs) {

    NewTopic toNewTopic() {
      if (replicationFactor != null
          && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE)) {
        throw ToolException.failed("The replication factor must be between 1 and 32767 inclusive");
      }
      if (partitions != null && partitions < 1) {
        throw ToolException.failed("The partitions must be greater than 0");
      }
      NewTopic topic =
          assignment != null && !assignment.isEmpty()
              ? new NewTopic(name, ReplicaAssignment.parse(assignment))
              : new NewTopic(
                  name,
                  Optional.ofNullable(partitions),
                  Optional.ofNullable(replicationFactor).map(Integer::shortValue));
      return topic.configs(parse(configs));
    }
  }

  TopicChanges(AdminSession session, Shell shell) {
    this.session = session;
    this.shell = shell;
  }

  /** Creates a topic. */
  void create(Wanted wanted, boolean ifNotExists) {
    NewTopic topic = wanted.toNewTopic();
    if (Topic.hasCollisionChars(wanted.name)) {
      shell.out().println(COLLISION);
    }
    try {
      await(session.admin().createTopics(List.of(topic), once()).all());
      shell.out().println("Created topic " + wanted.name + ".");
    } catch (TopicExistsException e) {
      if (!ifNotExists) {
        throw e;
      }
    }
  }

  private static CreateTopicsOptions once() {
    return new CreateTopicsOptions().retryOnQuotaViolation(false);
  }

  /** Raises the number of partitions; the assignment counts from partition 0. */
  void alterPartitions(List<String> topics, int partitions, @Nullable String assignment) {
    List<List<Integer>> brokers =
        assignment == null ? List.of() : List.copyOf(ReplicaAssignment.parse(assignment).values());
    Map<String, NewPartitions> wanted = new LinkedHashMap<>();
    for (String topic : topics) {
      wanted.put(
          topic,
          brokers.isEmpty()
              ? NewPartitions.increaseTo(partitions)
              : NewPartitions.increaseTo(partitions, behind(count(topic), brokers)));
    }
    if (!wanted.isEmpty()) {
      CreatePartitionsOptions options = new CreatePartitionsOptions().retryOnQuotaViolation(false);
      await(session.admin().createPartitions(wanted, options).all());
    }
  }

  private static List<List<Integer>> behind(int count, List<List<Integer>> brokers) {
    return brokers.subList(Math.min(count, brokers.size()), brokers.size());
  }

  private int count(String topic) {
    return await(session.admin().describeTopics(List.of(topic)).allTopicNames())
        .get(topic)
        .partitions()
        .size();
  }

  /** What {@code --alter --config} did until Kafka 2.4, over ZooKeeper. */
  void alterConfigs(List<String> topics, List<String> added, List<String> deleted) {
    shell.hint("settings of topics are altered with kafka-configs today");
    List<AlterConfigOp> changes = new ArrayList<>();
    parse(added)
        .forEach(
            (key, value) ->
                changes.add(
                    new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
    deleted.forEach(
        key ->
            changes.add(new AlterConfigOp(new ConfigEntry(key, ""), AlterConfigOp.OpType.DELETE)));
    Map<ConfigResource, Collection<AlterConfigOp>> resources =
        topics.stream()
            .collect(
                Collectors.toMap(
                    topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic),
                    topic -> changes));
    await(session.admin().incrementalAlterConfigs(resources).all());
    topics.forEach(topic -> shell.out().println("Updated config for topic " + topic + "."));
  }

  /** Deletes topics. */
  void delete(List<String> topics) {
    DeleteTopicsOptions options = new DeleteTopicsOptions().retryOnQuotaViolation(false);
    await(session.admin().deleteTopics(topics, options).all());
  }

  /** What to type instead of a key that nobody knows. */
  static Optional<String> hint(RuntimeException failure, List<String> configs) {
    return failure instanceof InvalidConfigurationException
        ? ConfigKeyHints.topic(configs.stream().flatMap(TopicChanges::key).toList())
        : Optional.empty();
  }

  private static Stream<String> key(String config) {
    return Stream.of(config.split("=", 2)[0].strip());
  }

  private static Map<String, String> parse(List<String> configs) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String config : configs) {
      String[] pair = config.split("\\s*=\\s*");
      if (pair.length != 2) {
        throw ToolException.failed(
                "requirement failed: Invalid topic config: all configs to be added must be in the"
                    + " format \"key=val\".")
            .hint("Write --config key=value, not '" + config + "'.");
      }
      pairs.put(pair[0].strip(), pair[1].strip());
    }
    return pairs;
  }
}
