package io.millrace.cli.group;

import io.millrace.cli.group.OffsetReset.Position;
import io.millrace.cli.group.OffsetReset.ToTime;
import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Works out what a reset does to a group, before it is done. Stateless. */
public final class ResetSteps {
  private ResetSteps() {}

  /**
   * One partition of a reset.
   *
   * @param position what is known of it
   * @param asked where the offset was to go
   * @param target where it goes, inside the log
   */
  public record Step(Position position, long asked, long target) {}

  /**
   * The steps, by topic and partition.
   *
   * @throws UnknownTopicOrPartitionException when a partition does not exist
   * @throws ToolException when a partition has no leader or cannot be reset so
   */
  public static SortedMap<TopicPartition, Step> plan(
      String group, Collection<TopicPartition> partitions, OffsetReset reset, GroupAccess access) {
    checkTheyCanBeRead(partitions, access);
    Map<TopicPartition, OffsetAndMetadata> committed = access.committed(group);
    Map<TopicPartition, Long> starts = access.offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = access.offsets(partitions, OffsetSpec.latest());
    Map<TopicPartition, Long> timed =
        reset instanceof ToTime time
            ? access.offsets(partitions, OffsetSpec.forTimestamp(time.timestampMs()))
            : Map.of();
    SortedMap<TopicPartition, Step> steps = new TreeMap<>(GroupAccess.ORDER);
    for (TopicPartition one : partitions) {
      OffsetAndMetadata was = committed.get(one);
      long at = timed.getOrDefault(one, -1L);
      Position position =
          new Position(
              was == null ? OptionalLong.empty() : OptionalLong.of(was.offset()),
              starts.get(one),
              ends.get(one),
              at < 0 ? OptionalLong.empty() : OptionalLong.of(at));
      steps.put(one, new Step(position, reset.target(one, position), reset.within(one, position)));
    }
    return steps;
  }

  private static void checkTheyCanBeRead(
      Collection<TopicPartition> partitions, GroupAccess access) {
    Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    Set<TopicPartition> missing = new TreeSet<>(GroupAccess.ORDER);
    missing.addAll(partitions);
    Set<TopicPartition> leaderless = new TreeSet<>(GroupAccess.ORDER);
    for (TopicDescription topic : access.topics(topics).values()) {
      topic
          .partitions()
          .forEach(
              one -> {
                TopicPartition partition = new TopicPartition(topic.name(), one.partition());
                if (missing.remove(partition) && one.leader() == null) {
                  leaderless.add(partition);
                }
              });
    }
    if (!missing.isEmpty()) {
      throw new UnknownTopicOrPartitionException(
          "The partitions \"" + joined(missing) + "\" do not exist");
    }
    if (!leaderless.isEmpty()) {
      throw ToolException.failed("The partitions \"" + joined(leaderless) + "\" have no leader");
    }
  }

  private static String joined(Collection<TopicPartition> partitions) {
    List<String> texts = partitions.stream().map(TopicPartition::toString).toList();
    return String.join(",", texts);
  }
}
