package io.millrace.cli.reassign;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.jspecify.annotations.Nullable;

/**
 * What {@code kafka-reassign-partitions} does, with the output of Kafka's. Confined to: the main
 * thread.
 */
public final class ReassignmentSteps {
  private final Shell shell;
  private final Reassignments reassignments;
  private final FolderMoves folders;
  private final MoveThrottles throttles;

  /**
   * How fast, how patient, and how careful.
   *
   * @param bytesPerSecond between brokers; below 0: as they are
   * @param folderBytesPerSecond between the folders of a broker; below 0: as they are
   * @param timeoutMs how long to wait until moves between folders can begin
   * @param sameFactor whether partitions must keep their number of replicas (KIP-860)
   */
  public record Limits(
      long bytesPerSecond, long folderBytesPerSecond, long timeoutMs, boolean sameFactor) {}

  public ReassignmentSteps(AdminSession session, Shell shell) {
    this.shell = shell;
    this.reassignments = new Reassignments(session);
    this.folders = new FolderMoves(session, shell);
    this.throttles = new MoveThrottles(session);
  }

  /** Proposes replicas for topics on some of the brokers. */
  public void generate(List<String> topics, List<Integer> brokers, boolean racks) {
    Map<TopicPartition, List<Integer>> now = reassignments.ofTopics(topics);
    Collection<Node> known = reassignments.brokers();
    List<Node> allowed = known.stream().filter(node -> brokers.contains(node.id())).toList();
    Map<TopicPartition, List<Integer>> proposed = ReplicaProposal.of(now, allowed, racks);
    shell.out().printf("Current partition replica assignment%n%s%n%n", withFolders(now, known));
    shell
        .out()
        .printf(
            "Proposed partition reassignment configuration%n%s%n",
            ReplicaFile.json(proposed, Map.of()));
  }

  private String withFolders(Map<TopicPartition, List<Integer>> now, Collection<Node> brokers) {
    Set<Integer> ids = brokers.stream().map(Node::id).collect(Collectors.toSet());
    return ReplicaFile.json(now, folders.of(now, ids));
  }

  /** Begins to move replicas. */
  public void execute(ReplicaFile file, Limits limits, boolean additional) {
    Map<TopicPartition, List<Integer>> wanted = file.replicas();
    Map<TopicPartition, PartitionReassignment> current = reassignments.current();
    if (!additional && !current.isEmpty()) {
      throw ToolException.failed(
          "Cannot execute because there is an existing partition assignment.  Use --additional to"
              + " override this and create a new partition assignment in addition to the existing"
              + " one. The --additional flag can also be used to change the throttle by"
              + " resubmitting the current reassignment.");
    }
    checkBrokers(wanted.values());
    Map<TopicPartition, List<Integer>> now = reassignments.of(wanted.keySet());
    shell
        .out()
        .printf(
            "Current partition replica assignment%n%n%s%n%n"
                + "Save this to use as the --reassignment-json-file option during rollback%n",
            withFolders(now, reassignments.brokers()));
    throttle(file, limits, current, now);
    reassignments.begin(wanted, limits.sameFactor);
    shell
        .out()
        .printf(
            "Successfully started partition reassignment%s for %s%n",
            Partitions.plural(wanted.keySet()), Partitions.joined(wanted.keySet(), ","));
    if (!file.folders().isEmpty()) {
      folders.begin(file.folders(), limits.timeoutMs);
    }
  }

  private void checkBrokers(Collection<List<Integer>> wanted) {
    Set<Integer> known = reassignments.brokers().stream().map(Node::id).collect(Collectors.toSet());
    for (List<Integer> replicas : wanted) {
      for (Integer replica : replicas) {
        if (!known.contains(replica)) {
          throw ToolException.failed("Unknown broker id " + replica)
              .hint("The brokers are " + new TreeSet<>(known) + ".");
        }
      }
    }
  }

  private void throttle(
      ReplicaFile file,
      Limits limits,
      Map<TopicPartition, PartitionReassignment> current,
      Map<TopicPartition, List<Integer>> now) {
    if (limits.bytesPerSecond < 0 && limits.folderBytesPerSecond < 0) {
      return;
    }
    shell
        .out()
        .println(
            "Warning: You must run --verify periodically, until the reassignment completes, to"
                + " ensure the throttle is removed.");
    if (limits.bytesPerSecond >= 0) {
      throttles.limit(current, file.replicas(), now, limits.bytesPerSecond);
      shell
          .out()
          .println("The inter-broker throttle limit was set to " + limits.bytesPerSecond + " B/s");
    }
    if (limits.folderBytesPerSecond >= 0) {
      throttles.limitFolders(
          file.folders().keySet().stream()
              .map(TopicPartitionReplica::brokerId)
              .collect(Collectors.toSet()),
          limits.folderBytesPerSecond);
      shell
          .out()
          .println(
              "The replica-alter-dir throttle limit was set to "
                  + limits.folderBytesPerSecond
                  + " B/s");
    }
  }

  /** Says how far the moves of a file are; clears throttles when nothing moves any more. */
  public void verify(ReplicaFile file, boolean preserveThrottles) {
    Map<TopicPartition, PartitionReassignment> current = reassignments.current();
    Map<TopicPartition, List<Integer>> wanted = file.replicas();
    Set<TopicPartition> settled = new TreeSet<>(Partitions.ORDER);
    settled.addAll(wanted.keySet());
    settled.removeAll(current.keySet());
    Map<TopicPartition, List<Integer>> now = reassignments.known(settled);
    shell.out().println("Status of partition reassignment:");
    wanted.forEach(
        (partition, replicas) -> shell.out().println(state(partition, replicas, current, now)));
    boolean moving = folders.tell(file.folders());
    if (current.isEmpty() && !moving && !preserveThrottles) {
      clearThrottles(file);
    }
  }

  private static String state(
      TopicPartition partition,
      List<Integer> wanted,
      Map<TopicPartition, PartitionReassignment> current,
      Map<TopicPartition, List<Integer>> now) {
    if (current.containsKey(partition)) {
      return "Reassignment of partition " + partition + " is still in progress.";
    }
    List<Integer> replicas = now.getOrDefault(partition, List.of());
    return replicas.equals(wanted)
        ? "Reassignment of partition " + partition + " is completed."
        : "There is no active reassignment of partition "
            + partition
            + ", but replica set is "
            + Partitions.joined(replicas, ",")
            + " rather than "
            + Partitions.joined(wanted, ",")
            + ".";
  }

  private void clearThrottles(ReplicaFile file) {
    Set<Integer> brokers = new TreeSet<>();
    reassignments.brokers().forEach(broker -> brokers.add(broker.id()));
    file.replicas().values().forEach(brokers::addAll);
    shell
        .out()
        .printf(
            "Clearing broker-level throttles on broker%s %s%n",
            Partitions.plural(brokers), Partitions.joined(brokers, ","));
    throttles.clearBrokers(brokers);
    Set<String> topics = new TreeSet<>();
    file.replicas().keySet().forEach(partition -> topics.add(partition.topic()));
    shell
        .out()
        .printf(
            "Clearing topic-level throttles on topic%s %s%n",
            Partitions.plural(topics), Partitions.joined(topics, ","));
    throttles.clearTopics(topics);
  }

  /** Ends the moves of a file. */
  public void cancel(ReplicaFile file, boolean preserveThrottles, long timeoutMs) {
    Set<TopicPartition> moving = reassignments.current(file.replicas().keySet()).keySet();
    if (moving.isEmpty()) {
      shell.out().println("None of the specified partition reassignments are active.");
    } else {
      reassignments.cancel(moving);
      shell
          .out()
          .printf(
              "Successfully cancelled partition reassignment%s for: %s%n",
              Partitions.plural(moving), Partitions.joined(moving, ","));
    }
    Map<TopicPartitionReplica, String> origins = folders.origins(file.folders());
    if (origins.isEmpty()) {
      shell.out().print("None of the specified partition moves are active.");
    } else {
      folders.begin(origins, timeoutMs);
    }
    if (!preserveThrottles) {
      clearThrottles(file);
    }
  }

  /** Lists what moves now. */
  public void list() {
    Map<TopicPartition, PartitionReassignment> current = reassignments.current();
    if (current.isEmpty()) {
      shell.out().println("No partition reassignments found.");
      return;
    }
    shell.out().println("Current partition reassignments:");
    current.forEach(
        (partition, moving) ->
            shell
                .out()
                .println(
                    partition
                        + ": replicas: "
                        + Partitions.joined(moving.replicas(), ",")
                        + "."
                        + part(" adding: ", moving.addingReplicas())
                        + part(" removing: ", moving.removingReplicas())));
  }

  private static String part(String name, @Nullable List<Integer> replicas) {
    return replicas == null || replicas.isEmpty()
        ? ""
        : name + Partitions.joined(replicas, ",") + ".";
  }
}
