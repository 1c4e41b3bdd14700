package io.millrace.cli.reassign;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the cluster for reassignments (KIP-455). Confined to: the main thread. */
public final class Reassignments {
  private final AdminSession session;

  public Reassignments(AdminSession session) {
    this.session = session;
  }

  /** Those under way, sorted. */
  public Map<TopicPartition, PartitionReassignment> current() {
    return sorted(await(session.admin().listPartitionReassignments().reassignments()));
  }

  /** Those of these partitions that are under way, sorted. */
  public Map<TopicPartition, PartitionReassignment> current(Set<TopicPartition> partitions) {
    return sorted(await(session.admin().listPartitionReassignments(partitions).reassignments()));
  }

  private static <V> Map<TopicPartition, V> sorted(Map<TopicPartition, V> unsorted) {
    Map<TopicPartition, V> sorted = new TreeMap<>(Partitions.ORDER);
    sorted.putAll(unsorted);
    return sorted;
  }

  /** The brokers that are there. */
  public Collection<Node> brokers() {
    return await(session.admin().describeCluster().nodes());
  }

  /**
   * Replicas of all partitions of some topics, sorted.
   *
   * @throws UnknownTopicOrPartitionException when there is no such topic
   */
  public Map<TopicPartition, List<Integer>> ofTopics(Collection<String> topics) {
    Map<TopicPartition, List<Integer>> found = new TreeMap<>(Partitions.ORDER);
    session
        .admin()
        .describeTopics(topics)
        .topicNameValues()
        .forEach(
            (name, topic) ->
                described(name, topic)
                    .ifPresentOrElse(
                        known ->
                            known
                                .partitions()
                                .forEach(
                                    one ->
                                        found.put(
                                            new TopicPartition(name, one.partition()),
                                            one.replicas().stream().map(Node::id).toList())),
                        () -> {
                          throw new UnknownTopicOrPartitionException(
                              "Topic " + name + " not found.");
                        }));
    return found;
  }

  private static Optional<TopicDescription> described(
      String name, KafkaFuture<TopicDescription> topic) {
    try {
      return Optional.of(await(topic));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  /**
   * Replicas of some partitions, sorted.
   *
   * @throws UnknownTopicOrPartitionException when one is not there
   */
  public Map<TopicPartition, List<Integer>> of(Set<TopicPartition> partitions) {
    Map<TopicPartition, List<Integer>> found =
        ofTopics(partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
    found.keySet().retainAll(partitions);
    Set<TopicPartition> missing = new TreeSet<>(Partitions.ORDER);
    missing.addAll(partitions);
    missing.removeAll(found.keySet());
    if (!missing.isEmpty()) {
      throw new UnknownTopicOrPartitionException(
          "Unable to find partition: " + Partitions.joined(missing, ", "));
    }
    return found;
  }

  /** Replicas of those of these partitions that are there. */
  Map<TopicPartition, List<Integer>> known(Set<TopicPartition> partitions) {
    Map<TopicPartition, List<Integer>> found = new HashMap<>();
    Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    session
        .admin()
        .describeTopics(topics)
        .topicNameValues()
        .forEach(
            (name, topic) ->
                described(name, topic)
                    .ifPresent(
                        known ->
                            known
                                .partitions()
                                .forEach(
                                    one ->
                                        found.put(
                                            new TopicPartition(name, one.partition()),
                                            one.replicas().stream().map(Node::id).toList()))));
    found.keySet().retainAll(partitions);
    return found;
  }

  /**
   * Begins to move partitions.
   *
   * @param sameFactor whether those that would have more or fewer replicas are refused (KIP-860)
   * @throws ToolException that names each partition for which it failed
   */
  public void begin(Map<TopicPartition, List<Integer>> wanted, boolean sameFactor) {
    Map<TopicPartition, Optional<NewPartitionReassignment>> changes = new HashMap<>();
    wanted.forEach(
        (partition, replicas) ->
            changes.put(partition, Optional.of(new NewPartitionReassignment(replicas))));
    AlterPartitionReassignmentsOptions options =
        new AlterPartitionReassignmentsOptions().allowReplicationFactorChange(!sameFactor);
    alter(changes, options, "Error reassigning partition(s):");
  }

  /**
   * Ends moves; partitions go back to the replicas that they had.
   *
   * @throws ToolException that names each partition for which it failed
   */
  public void cancel(Set<TopicPartition> partitions) {
    Map<TopicPartition, Optional<NewPartitionReassignment>> changes = new HashMap<>();
    partitions.forEach(partition -> changes.put(partition, Optional.empty()));
    alter(
        changes,
        new AlterPartitionReassignmentsOptions(),
        "Error cancelling partition reassignment" + Partitions.plural(partitions) + " for:");
  }

  private void alter(
      Map<TopicPartition, Optional<NewPartitionReassignment>> changes,
      AlterPartitionReassignmentsOptions options,
      String failed) {
    Map<TopicPartition, String> failures = new TreeMap<>(Partitions.ORDER);
    session
        .admin()
        .alterPartitionReassignments(changes, options)
        .values()
        .forEach(
            (partition, done) -> {
              try {
                await(done);
              } catch (KafkaException e) {
                failures.put(partition, Objects.requireNonNullElse(e.getMessage(), e.toString()));
              }
            });
    if (!failures.isEmpty()) {
      StringBuilder text = new StringBuilder(failed);
      failures.forEach(
          (partition, why) ->
              text.append(System.lineSeparator()).append(partition).append(": ").append(why));
      throw ToolException.failed(text.toString());
    }
  }
}
