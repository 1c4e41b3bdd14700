package io.millrace.cli.group;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbstractOptions;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a cluster about consumer groups, each time with a limit. Confined to: the main thread. */
public final class GroupAccess {
  /** By topic, then by number. */
  public static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final AdminSession session;
  private final int timeoutMs;

  /**
   * Access by a client.
   *
   * @param timeoutMs how long an answer may take
   */
  public GroupAccess(AdminSession session, long timeoutMs) {
    this.session = session;
    this.timeoutMs = (int) Math.min(timeoutMs, Integer.MAX_VALUE);
  }

  private <T extends AbstractOptions<T>> T timed(T options) {
    return options.timeoutMs(timeoutMs);
  }

  /**
   * The groups of consumers, sorted by name.
   *
   * @param states those wanted; empty for all
   * @param types those wanted; empty for all
   */
  public List<GroupListing> list(Set<GroupState> states, Set<GroupType> types) {
    ListGroupsOptions options = timed(ListGroupsOptions.forConsumerGroups());
    if (!states.isEmpty()) {
      options.inGroupStates(states);
    }
    if (!types.isEmpty()) {
      options.withTypes(types);
    }
    return await(session.admin().listGroups(options).all()).stream()
        .sorted(Comparator.comparing(GroupListing::groupId))
        .toList();
  }

  /** The names of all groups of consumers, sorted. */
  public List<String> names() {
    return list(Set.of(), Set.of()).stream().map(GroupListing::groupId).toList();
  }

  /** Groups by name, sorted; those that do not exist are absent. */
  public Map<String, ConsumerGroupDescription> describe(Collection<String> groups) {
    Map<String, KafkaFuture<ConsumerGroupDescription>> asked =
        session
            .admin()
            .describeConsumerGroups(groups, timed(new DescribeConsumerGroupsOptions()))
            .describedGroups();
    Map<String, ConsumerGroupDescription> found = new TreeMap<>();
    asked.forEach(
        (name, future) -> {
          try {
            ConsumerGroupDescription described = await(future);
            if (described.groupState() != GroupState.DEAD) {
              found.put(name, described);
            }
          } catch (GroupIdNotFoundException e) {
            // Absent is how an unknown group is told.
          }
        });
    return found;
  }

  /** The offsets that a group committed. */
  public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
    return committed(List.of(group)).get(group);
  }

  /** The offsets that groups committed, by group; asked for at once. */
  public Map<String, Map<TopicPartition, OffsetAndMetadata>> committed(Collection<String> groups) {
    if (groups.isEmpty()) {
      return Map.of();
    }
    ListConsumerGroupOffsetsResult asked =
        session
            .admin()
            .listConsumerGroupOffsets(
                groups.stream()
                    .collect(
                        Collectors.toMap(
                            Function.identity(), one -> new ListConsumerGroupOffsetsSpec())),
                timed(new ListConsumerGroupOffsetsOptions()));
    Map<String, Map<TopicPartition, OffsetAndMetadata>> found = new HashMap<>();
    for (String group : groups) {
      Map<TopicPartition, OffsetAndMetadata> known =
          new HashMap<>(await(asked.partitionsToOffsetAndMetadata(group)));
      known.values().removeIf(Objects::isNull);
      found.put(group, known);
    }
    return found;
  }

  /** Sets the offsets of a group. */
  public void commit(String group, Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> wanted =
        offsets.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, one -> new OffsetAndMetadata(one.getValue())));
    await(
        session
            .admin()
            .alterConsumerGroupOffsets(group, wanted, timed(new AlterConsumerGroupOffsetsOptions()))
            .all());
  }

  /** Topics by name. */
  public Map<String, TopicDescription> topics(Collection<String> names) {
    return await(
        session.admin().describeTopics(names, timed(new DescribeTopicsOptions())).allTopicNames());
  }

  /** Topics by name; those that do not exist are absent. */
  public Map<String, TopicDescription> topicsThatExist(Collection<String> names) {
    Map<String, TopicDescription> found = new TreeMap<>();
    session
        .admin()
        .describeTopics(names, timed(new DescribeTopicsOptions()))
        .topicNameValues()
        .forEach(
            (name, future) -> {
              try {
                found.put(name, await(future));
              } catch (UnknownTopicOrPartitionException e) {
                // Absent is how an unknown topic is told.
              }
            });
    return found;
  }

  /** Offsets of partitions; those of partitions that have none are -1. */
  public Map<TopicPartition, Long> offsets(
      Collection<TopicPartition> partitions, OffsetSpec wanted) {
    Map<TopicPartition, ListOffsetsResultInfo> found =
        await(
            session
                .admin()
                .listOffsets(
                    partitions.stream()
                        .distinct()
                        .collect(Collectors.toMap(Function.identity(), one -> wanted)),
                    timed(new ListOffsetsOptions()))
                .all());
    return found.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().offset()));
  }

  /** The client itself. */
  public AdminSession session() {
    return session;
  }

  /** How long an answer may take. */
  public int timeoutMs() {
    return timeoutMs;
  }
}
