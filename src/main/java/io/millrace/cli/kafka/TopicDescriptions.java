package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Prints topics as {@code kafka-topics --describe} does. The columns differ between releases: the
 * newest is followed, which adds {@code Elr} and {@code LastKnownElr} behind those that all
 * tutorials show. Confined to: the main thread.
 */
final class TopicDescriptions {
  private final AdminSession session;
  private final Shell shell;
  private final Filter filter;
  private final int partitionLimit;

  /**
   * What is shown.
   *
   * @param underReplicated partitions of which a replica is not in sync
   * @param unavailable partitions without a leader that lives
   * @param underMinIsr partitions with fewer replicas in sync than min.insync.replicas
   * @param atMinIsr partitions with just as many
   * @param withOverrides only topics that have settings of their own, without their partitions
   */
  record Filter(
      boolean underReplicated,
      boolean unavailable,
      boolean underMinIsr,
      boolean atMinIsr,
      boolean withOverrides) {
    /** Whether only partitions in a certain state are asked for. */
    boolean isReport() {
      return underReplicated || unavailable || underMinIsr || atMinIsr;
    }
  }

  /** What was read of the cluster for all topics at once. */
  private record Surroundings(
      Map<ConfigResource, KafkaFuture<Config>> configs,
      Set<Integer> liveBrokers,
      Map<TopicPartition, PartitionReassignment> reassignments) {
    @Nullable PartitionReassignment reassignment(String topic, TopicPartitionInfo partition) {
      return reassignments.get(new TopicPartition(topic, partition.partition()));
    }
  }

  TopicDescriptions(AdminSession session, Shell shell, Filter filter, int partitionLimit) {
    this.session = session;
    this.shell = shell;
    this.filter = filter;
    this.partitionLimit = partitionLimit;
  }

  /** Prints the topics of an expression or of an id, which goes before; all without both. */
  void print(TopicNames names, @Nullable String expression, @Nullable String id) {
    Uuid wanted = id == null ? Uuid.ZERO_UUID : Uuid.fromString(id);
    Collection<TopicDescription> topics =
        wanted.equals(Uuid.ZERO_UUID) ? byName(names.existing(expression)) : byId(names, wanted);
    Surroundings around = surroundings(topics);
    for (TopicDescription topic : topics) {
      Config config =
          await(around.configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name())));
      printTopic(topic, config, around);
      if (!filter.withOverrides) {
        topic.partitions().stream()
            .filter(one -> isWanted(topic, one, config, around))
            .forEach(one -> printPartition(topic, one, around));
      }
    }
  }

  private Collection<TopicDescription> byName(List<String> names) {
    DescribeTopicsOptions options =
        new DescribeTopicsOptions().partitionSizeLimitPerResponse(partitionLimit);
    var described = session.admin().describeTopics(TopicCollection.ofTopicNames(names), options);
    return new TreeMap<>(await(described.allTopicNames())).values();
  }

  private Collection<TopicDescription> byId(TopicNames names, Uuid id) {
    List<Uuid> found = names.existing(id).stream().toList();
    return await(session.admin().describeTopics(TopicCollection.ofTopicIds(found)).allTopicIds())
        .values();
  }

  private Surroundings surroundings(Collection<TopicDescription> topics) {
    List<ConfigResource> resources =
        topics.stream()
            .map(one -> new ConfigResource(ConfigResource.Type.TOPIC, one.name()))
            .toList();
    Set<TopicPartition> partitions =
        topics.stream().flatMap(TopicDescriptions::partitions).collect(Collectors.toSet());
    return new Surroundings(
        session.admin().describeConfigs(resources).values(),
        await(session.admin().describeCluster().nodes()).stream()
            .map(Node::id)
            .collect(Collectors.toSet()),
        reassignments(partitions));
  }

  private static Stream<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream()
        .map(one -> new TopicPartition(topic.name(), one.partition()));
  }

  private Map<TopicPartition, PartitionReassignment> reassignments(Set<TopicPartition> partitions) {
    try {
      return await(session.admin().listPartitionReassignments(partitions).reassignments());
    } catch (UnsupportedVersionException | ClusterAuthorizationException e) {
      // An old broker, or one that does not tell us: as if nothing moved.
      return Map.of();
    }
  }

  private void printTopic(TopicDescription topic, Config config, Surroundings around) {
    List<ConfigEntry> own = config.entries().stream().filter(one -> !one.isDefault()).toList();
    if (filter.isReport() || (filter.withOverrides && own.isEmpty())) {
      return;
    }
    TopicPartitionInfo first = topic.partitions().get(0);
    String id = topic.topicId().equals(Uuid.ZERO_UUID) ? "" : "\tTopicId: " + topic.topicId();
    shell
        .out()
        .println(
            "Topic: %s%s\tPartitionCount: %d\tReplicationFactor: %d\tConfigs: %s"
                .formatted(
                    topic.name(),
                    id,
                    topic.partitions().size(),
                    replicas(first, around.reassignment(topic.name(), first)),
                    own.stream()
                        .map(one -> one.name() + "=" + one.value())
                        .collect(Collectors.joining(","))));
  }

  /** Replicas that a partition has or, while it moves, will have. */
  private static int replicas(
      TopicPartitionInfo partition, @Nullable PartitionReassignment moving) {
    if (moving == null) {
      return partition.replicas().size();
    }
    boolean stillMoves =
        partition.replicas().stream()
            .map(Node::id)
            .anyMatch(
                id ->
                    moving.addingReplicas().contains(id) || moving.removingReplicas().contains(id));
    return stillMoves
        ? moving.replicas().size() - moving.addingReplicas().size()
        : partition.replicas().size();
  }

  private boolean isWanted(
      TopicDescription topic, TopicPartitionInfo partition, Config config, Surroundings around) {
    if (!filter.isReport()) {
      return true;
    }
    int inSync = partition.isr().size();
    int asked = Integer.parseInt(config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value());
    int replicas = replicas(partition, around.reassignment(topic.name(), partition));
    boolean led = partition.leader() != null;
    boolean reached = led && around.liveBrokers.contains(partition.leader().id());
    return (filter.underReplicated && replicas > inSync)
        || (filter.unavailable && !reached)
        || (filter.underMinIsr && (!led || inSync < asked))
        || (filter.atMinIsr && inSync == asked);
  }

  private void printPartition(
      TopicDescription topic, TopicPartitionInfo partition, Surroundings around) {
    StringBuilder line =
        new StringBuilder(
            "\tTopic: %s\tPartition: %d\tLeader: %s\tReplicas: %s\tIsr: %s"
                .formatted(
                    topic.name(),
                    partition.partition(),
                    partition.leader() == null ? "none" : partition.leader().idString(),
                    ids(partition.replicas()),
                    ids(partition.isr())));
    PartitionReassignment moving = around.reassignment(topic.name(), partition);
    if (moving != null) {
      line.append("\tAdding Replicas: ").append(joined(moving.addingReplicas()));
      line.append("\tRemoving Replicas: ").append(joined(moving.removingReplicas()));
    }
    line.append("\tElr: ").append(partition.elr() == null ? "N/A" : ids(partition.elr()));
    line.append("\tLastKnownElr: ")
        .append(partition.lastKnownElr() == null ? "N/A" : ids(partition.lastKnownElr()));
    shell.out().println(line);
  }

  private static String ids(List<Node> nodes) {
    return joined(nodes.stream().map(Node::id).toList());
  }

  private static String joined(List<Integer> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
