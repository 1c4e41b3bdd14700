package io.millrace.cli.kafka;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.group.GroupAccess;
import io.millrace.cli.group.TopicScope;
import io.millrace.cli.tool.Shell;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;

/** Deletes groups, or their offsets, and tells it as Kafka does. Confined to: the main thread. */
final class GroupDeletions {
  private final Shell shell;
  private final PrintStream out;
  private final GroupAccess access;

  GroupDeletions(Shell shell, GroupAccess access) {
    this.shell = shell;
    this.out = shell.out();
    this.access = access;
  }

  /** Deletes groups; returns whether all of them are gone. */
  boolean delete(List<String> groups) {
    DeleteConsumerGroupsOptions options =
        new DeleteConsumerGroupsOptions().timeoutMs(access.timeoutMs());
    Map<String, KafkaFuture<Void>> asked =
        access.session().admin().deleteConsumerGroups(groups, options).deletedGroups();
    List<String> deleted = new ArrayList<>();
    Map<String, RuntimeException> failed = new TreeMap<>();
    for (String group : new HashSet<>(groups).stream().sorted().toList()) {
      try {
        await(asked.get(group));
        deleted.add("'" + group + "'");
      } catch (KafkaException e) {
        failed.put(group, e);
      }
    }
    String names = String.join(", ", deleted);
    if (failed.isEmpty()) {
      out.println("Deletion of requested consumer groups (" + names + ") was successful.");
      return true;
    }
    out.println("\nError: Deletion of some consumer groups failed:");
    failed.forEach(
        (group, why) -> out.println("* Group '" + group + "' could not be deleted due to: " + why));
    if (!deleted.isEmpty()) {
      out.println("\nThese consumer groups were deleted successfully: " + names);
    }
    return false;
  }

  /** Deletes the offsets of a group in topics; returns whether all of them are gone. */
  boolean deleteOffsets(String group, List<String> topics) {
    Map<TopicPartition, Optional<String>> failures =
        new TreeMap<>(Comparator.comparing(one -> one.topic() + one.partition()));
    Collection<TopicPartition> partitions = partitions(topics, failures);
    DeleteConsumerGroupOffsetsResult result =
        access
            .session()
            .admin()
            .deleteConsumerGroupOffsets(
                group,
                Set.copyOf(partitions),
                new DeleteConsumerGroupOffsetsOptions().timeoutMs(access.timeoutMs()));
    Errors whole = outcome(result.all());
    for (TopicPartition one : partitions) {
      Errors error = outcome(result.partitionResult(one));
      failures.put(
          one,
          error == Errors.NONE
              ? Optional.empty()
              : Optional.of(error.exception().getClass().getName() + ": " + error.message()));
    }
    sayWhole(group, whole);
    printTable(failures);
    return failures.values().stream().allMatch(Optional::isEmpty);
  }

  private Collection<TopicPartition> partitions(
      List<String> topics, Map<TopicPartition, Optional<String>> failures) {
    TopicScope scope = TopicScope.parse(topics);
    Set<String> known = access.topicsThatExist(scope.wholeTopics()).keySet();
    for (String one : scope.wholeTopics()) {
      if (!known.contains(one)) {
        failures.put(
            new TopicPartition(one, -1),
            Optional.of(
                UnknownTopicOrPartitionException.class.getName()
                    + ": "
                    + Errors.UNKNOWN_TOPIC_OR_PARTITION.message()));
      }
    }
    return new TopicScope(List.copyOf(known), scope.partitions()).resolve(access);
  }

  private static Errors outcome(KafkaFuture<Void> future) {
    try {
      await(future);
      return Errors.NONE;
    } catch (RuntimeException e) {
      return Errors.forException(e);
    }
  }

  private void sayWhole(String group, Errors whole) {
    switch (whole) {
      case NONE -> out.println("Request succeeded for deleting offsets from group " + group + ".");
      case INVALID_GROUP_ID, GROUP_ID_NOT_FOUND, GROUP_AUTHORIZATION_FAILED, NON_EMPTY_GROUP ->
          out.println("\nError: " + whole.message());
      case GROUP_SUBSCRIBED_TO_TOPIC, TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_OR_PARTITION -> {
        out.println("\nError: Encountered some partition-level error, see the follow-up details.");
        if (whole == Errors.GROUP_SUBSCRIBED_TO_TOPIC) {
          shell.hint("stop the members of the group that read these topics first");
        }
      }
      default -> out.println("\nError: Encountered some unknown error: " + whole);
    }
  }

  private void printTable(Map<TopicPartition, Optional<String>> failures) {
    int width =
        failures.keySet().stream().mapToInt(one -> one.topic().length()).reduce(15, Math::max);
    String format = "%n%" + -width + "s %-10s %-15s";
    out.print(format.formatted("TOPIC", "PARTITION", "STATUS"));
    String rows =
        failures.entrySet().stream()
            .map(
                one ->
                    format.formatted(
                        one.getKey().topic(),
                        one.getKey().partition() >= 0 ? one.getKey().partition() : "-",
                        one.getValue().map(why -> "Error: " + why).orElse("Successful")))
            .collect(Collectors.joining());
    out.println(rows);
  }
}
