package io.millrace.cli.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Finds how far a group is behind. Stateless. */
public final class GroupLag {
  private GroupLag() {}

  /**
   * The partitions of groups, by group: first those that a member reads, the member with most
   * partitions first, then those that are only committed. All are asked for together: one by one,
   * hundreds of groups would take as many ways to the cluster and back.
   */
  public static Map<String, List<PartitionLag>> of(
      Collection<ConsumerGroupDescription> groups, GroupAccess access) {
    Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
        access.committed(groups.stream().map(ConsumerGroupDescription::groupId).toList());
    Set<TopicPartition> all = new HashSet<>();
    committed.values().forEach(offsets -> all.addAll(offsets.keySet()));
    groups.forEach(group -> readBy(group).values().forEach(all::addAll));
    Map<TopicPartition, Long> ends = ends(all, access);
    return groups.stream()
        .collect(
            Collectors.toMap(
                ConsumerGroupDescription::groupId,
                group -> rows(group, committed.get(group.groupId()), ends)));
  }

  private static List<PartitionLag> rows(
      ConsumerGroupDescription group,
      Map<TopicPartition, OffsetAndMetadata> committed,
      Map<TopicPartition, Long> ends) {
    Map<MemberDescription, List<TopicPartition>> read = readBy(group);
    Set<TopicPartition> assigned =
        read.values().stream().flatMap(List::stream).collect(Collectors.toSet());
    List<TopicPartition> unread =
        committed.keySet().stream()
            .filter(one -> !assigned.contains(one))
            .sorted(GroupAccess.ORDER)
            .toList();
    List<PartitionLag> rows = new ArrayList<>();
    read.forEach((member, partitions) -> add(partitions, member, committed, ends, rows));
    add(unread, null, committed, ends, rows);
    return rows;
  }

  private static void add(
      List<TopicPartition> partitions,
      @Nullable MemberDescription member,
      Map<TopicPartition, OffsetAndMetadata> committed,
      Map<TopicPartition, Long> ends,
      List<PartitionLag> rows) {
    for (TopicPartition one : partitions) {
      rows.add(PartitionLag.of(one, committed.get(one), ends.get(one), member));
    }
  }

  private static Map<MemberDescription, List<TopicPartition>> readBy(
      ConsumerGroupDescription group) {
    Map<MemberDescription, List<TopicPartition>> read = new LinkedHashMap<>();
    group.members().stream()
        .filter(member -> !member.assignment().topicPartitions().isEmpty())
        .sorted(
            Comparator.<MemberDescription>comparingInt(
                    member -> member.assignment().topicPartitions().size())
                .reversed())
        .forEach(
            member ->
                read.put(
                    member,
                    member.assignment().topicPartitions().stream()
                        .sorted(GroupAccess.ORDER)
                        .toList()));
    return read;
  }

  /** The ends of partitions that have a leader. */
  private static Map<TopicPartition, Long> ends(
      Collection<TopicPartition> partitions, GroupAccess access) {
    Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    Set<TopicPartition> led = new HashSet<>();
    for (TopicDescription topic : access.topicsThatExist(topics).values()) {
      for (TopicPartitionInfo one : topic.partitions()) {
        if (one.leader() != null && !one.leader().isEmpty()) {
          led.add(new TopicPartition(topic.name(), one.partition()));
        }
      }
    }
    return access.offsets(partitions.stream().filter(led::contains).toList(), OffsetSpec.latest());
  }
}
