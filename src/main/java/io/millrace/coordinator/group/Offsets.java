package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Committed offsets of all groups of a shard. Written by replay alone. Offsets of an open
 * transaction are pending until its end marker (KIP-447). Confined to: its shard.
 */
final class Offsets {
  private final GroupMemory.Share memory;
  private final Map<String, Map<TopicPartition, CommittedOffset>> committed = new HashMap<>();

  /** Records of open transactions by producer id, in their order. */
  private final Map<Long, List<OffsetCommitted>> pending = new LinkedHashMap<>();

  Offsets(GroupMemory.Share memory) {
    this.memory = memory;
  }

  @Nullable CommittedOffset get(String groupId, TopicPartition partition) {
    return of(groupId).get(partition);
  }

  /** All offsets of a group; empty when it has none. Not to be changed. */
  Map<TopicPartition, CommittedOffset> of(String groupId) {
    return committed.getOrDefault(groupId, Map.of());
  }

  /** Whether an open transaction will set, or not set, the offset of a partition. */
  boolean isPending(String groupId, TopicPartition partition) {
    return !pending.isEmpty() && pendingOf(groupId).contains(partition);
  }

  /** Partitions of a group that open transactions will set, or not set. */
  Set<TopicPartition> pendingOf(String groupId) {
    Set<TopicPartition> partitions = new HashSet<>();
    for (List<OffsetCommitted> records : pending.values()) {
      for (OffsetCommitted record : records) {
        if (record.groupId().equals(groupId)) {
          partitions.add(record.partition());
        }
      }
    }
    return partitions;
  }

  void replay(long producerId, OffsetCommitted record) {
    if (producerId < 0) {
      apply(record);
    } else {
      pending.computeIfAbsent(producerId, id -> new ArrayList<>()).add(record);
    }
  }

  private void apply(OffsetCommitted record) {
    TopicPartition partition = record.partition();
    CommittedOffset before =
        committed
            .computeIfAbsent(record.groupId(), id -> new HashMap<>(2))
            .put(partition, record.offset());
    memory.add(
        Weights.offset(record.offset().metadata())
            - (before == null ? 0 : Weights.offset(before.metadata())));
  }

  void replay(OffsetRemoved record) {
    Map<TopicPartition, CommittedOffset> offsets = committed.get(record.groupId());
    CommittedOffset removed = offsets == null ? null : offsets.remove(record.partition());
    if (offsets == null || removed == null) {
      return;
    }
    memory.add(-Weights.offset(removed.metadata()));
    if (offsets.isEmpty()) {
      committed.remove(record.groupId());
    }
  }

  /** Gives the groups whose offsets took effect. */
  Set<String> replayEndMarker(long producerId, boolean commits) {
    Set<String> groups = new HashSet<>();
    for (OffsetCommitted record : pending.getOrDefault(producerId, List.of())) {
      if (commits) {
        apply(record);
        groups.add(record.groupId());
      }
    }
    pending.remove(producerId);
    return groups;
  }

  Set<String> groupIds() {
    return Set.copyOf(committed.keySet());
  }
}
