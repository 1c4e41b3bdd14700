package io.millrace.coordinator.group;

import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.group.GroupState.Completing;
import io.millrace.coordinator.group.GroupState.Dead;
import io.millrace.coordinator.group.GroupState.Empty;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.model.TopicPartition;
import io.millrace.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * OffsetCommit, OffsetFetch and OffsetDelete, for topics that exist: who calls has sorted out the
 * others. Confined to: its shard.
 */
final class OffsetSteps {
  /** Fixed fields of a committed offset's key, value and record, rounded up. */
  private static final int OVERHEAD_BYTES = 64;

  private static final long NO_OFFSET = -1;
  private static final int NO_EPOCH = -1;
  private static final long NO_RETENTION = -1;
  private static final short VERSION_GROUP_NOT_FOUND = 9;

  private final Clock clock;
  private final GroupSettings settings;
  private final Offsets offsets;
  private final Sessions sessions;
  private final GroupMemory.Share memory;

  OffsetSteps(
      Clock clock,
      GroupSettings settings,
      Offsets offsets,
      Sessions sessions,
      GroupMemory.Share memory) {
    this.clock = clock;
    this.settings = settings;
    this.offsets = offsets;
    this.sessions = sessions;
    this.memory = memory;
  }

  OffsetCommitResponseData commit(
      @Nullable Group group,
      OffsetCommitRequestData request,
      short version,
      ShardResult.Builder<GroupRecord> step) {
    Errors error = check(group, request, version);
    if (error == Errors.NONE) {
      error = checkSize(group, request);
    }
    if (error == Errors.NONE && group != null) {
      Member member = group.member(request.memberId());
      if (member != null) {
        sessions.heard(group, member);
      }
    }
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    for (OffsetCommitRequestTopic topic : request.topics()) {
      OffsetCommitResponseTopic results =
          new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
      response.topics().add(results);
      for (OffsetCommitRequestPartition partition : topic.partitions()) {
        Errors result = error == Errors.NONE ? commit(request, topic, partition, step) : error;
        results
            .partitions()
            .add(
                new OffsetCommitResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode(result.code()));
      }
    }
    return response;
  }

  /** Whether one batch holds the records of a commit, and memory what it adds. */
  private Errors checkSize(@Nullable Group group, OffsetCommitRequestData request) {
    long bytes = sizeOf(request);
    if (bytes > settings.recordBytesMax().getAsInt()) {
      return Errors.INVALID_COMMIT_OFFSET_SIZE;
    }
    boolean isPlenty =
        memory.isPlenty(Weights.group(request.groupId()) + Weights.offsetsAtMost(bytes));
    return isPlenty || hasRoom(group, request) ? Errors.NONE : Errors.POLICY_VIOLATION;
  }

  /** One that only moves offsets adds nothing. */
  private boolean hasRoom(@Nullable Group group, OffsetCommitRequestData request) {
    Map<TopicPartition, CommittedOffset> known = offsets.of(request.groupId());
    long bytes = group == null ? Weights.group(request.groupId()) : 0;
    for (OffsetCommitRequestTopic topic : request.topics()) {
      for (OffsetCommitRequestPartition partition : topic.partitions()) {
        var place = new TopicPartition(topic.name(), partition.partitionIndex());
        CommittedOffset before = known.get(place);
        String text = partition.committedMetadata();
        bytes += Weights.offset(text == null ? "" : text);
        bytes -= before == null ? 0 : Weights.offset(before.metadata());
      }
    }
    return bytes <= 0 || memory.hasRoom(bytes, group == null);
  }

  /** Bytes that the records of a commit take, rounded up: one batch must hold them. */
  private long sizeOf(OffsetCommitRequestData request) {
    long bytes = 0;
    for (OffsetCommitRequestTopic topic : request.topics()) {
      long names = Utils.utf8Length(request.groupId()) + Utils.utf8Length(topic.name());
      for (OffsetCommitRequestPartition partition : topic.partitions()) {
        String metadata = partition.committedMetadata();
        boolean isStored = metadata != null && metadata.length() <= settings.offsetMetadataMax();
        bytes += names + OVERHEAD_BYTES + (isStored ? Utils.utf8Length(metadata) : 0);
      }
    }
    return bytes;
  }

  private Errors commit(
      OffsetCommitRequestData request,
      OffsetCommitRequestTopic topic,
      OffsetCommitRequestPartition partition,
      ShardResult.Builder<GroupRecord> step) {
    String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
    if (metadata.length() > settings.offsetMetadataMax()) {
      return Errors.OFFSET_METADATA_TOO_LARGE;
    }
    long nowMs = clock.wallMs();
    CommittedOffset offset =
        new CommittedOffset(
            partition.committedOffset(),
            partition.committedLeaderEpoch(),
            metadata,
            nowMs,
            expireTimeMs(request.retentionTimeMs(), nowMs),
            topic.topicId());
    step.append(
        new OffsetCommitted(
            request.groupId(),
            new TopicPartition(topic.name(), partition.partitionIndex()),
            offset));
    return Errors.NONE;
  }

  /** When a commit ends that is kept for so long: never, where that goes past the end of time. */
  private static long expireTimeMs(long retentionMs, long nowMs) {
    if (retentionMs == NO_RETENTION) {
      return -1;
    }
    return retentionMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + retentionMs;
  }

  /** Who may commit: members of the generation, and anybody while there are no members. */
  private static Errors check(
      @Nullable Group group, OffsetCommitRequestData request, short version) {
    int generation = request.generationIdOrMemberEpoch();
    if (group == null) {
      if (generation < 0) {
        return Errors.NONE;
      }
      return version >= VERSION_GROUP_NOT_FOUND
          ? Errors.GROUP_ID_NOT_FOUND
          : Errors.ILLEGAL_GENERATION;
    }
    if (generation < 0 && group.state() instanceof Empty) {
      return Errors.NONE;
    }
    boolean anonymous =
        generation < 0 && request.memberId().isEmpty() && request.groupInstanceId() == null;
    if (anonymous) {
      return Errors.UNKNOWN_MEMBER_ID;
    }
    Errors error = group.check(request.memberId(), request.groupInstanceId());
    if (error != Errors.NONE) {
      return error;
    }
    if (generation != group.generation()) {
      return Errors.ILLEGAL_GENERATION;
    }
    // While a generation is prepared its predecessor may still commit what it has read.
    return group.state() instanceof Completing ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  /**
   * Fetches offsets; a group or partition without one gives -1.
   *
   * @param topics what to fetch; null: all that the group has
   * @param stable whether an offset that an open transaction may replace is withheld (KIP-447)
   */
  OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request, boolean stable) {
    String groupId = request.groupId();
    OffsetFetchResponseGroup response = new OffsetFetchResponseGroup().setGroupId(groupId);
    List<OffsetFetchRequestTopics> topics = request.topics();
    if (topics == null) {
      fetchAll(groupId, stable, response);
      return response;
    }
    for (OffsetFetchRequestTopics topic : topics) {
      OffsetFetchResponseTopics results =
          new OffsetFetchResponseTopics().setName(topic.name()).setTopicId(topic.topicId());
      response.topics().add(results);
      for (int partition : topic.partitionIndexes()) {
        results.partitions().add(fetch(groupId, topic.name(), partition, stable));
      }
    }
    return response;
  }

  private void fetchAll(String groupId, boolean stable, OffsetFetchResponseGroup response) {
    Map<String, Set<Integer>> all = new TreeMap<>();
    for (TopicPartition partition : offsets.of(groupId).keySet()) {
      all.computeIfAbsent(partition.topic(), t -> new TreeSet<>()).add(partition.partition());
    }
    all.forEach(
        (topic, partitions) -> {
          OffsetFetchResponseTopics results = new OffsetFetchResponseTopics().setName(topic);
          partitions.forEach(p -> results.partitions().add(fetch(groupId, topic, p, stable)));
          response.topics().add(results);
        });
  }

  private OffsetFetchResponsePartitions fetch(
      String groupId, String topic, int index, boolean stable) {
    TopicPartition partition = new TopicPartition(topic, index);
    OffsetFetchResponsePartitions result =
        new OffsetFetchResponsePartitions()
            .setPartitionIndex(index)
            .setCommittedOffset(NO_OFFSET)
            .setCommittedLeaderEpoch(NO_EPOCH)
            .setMetadata("");
    if (stable && offsets.isPending(groupId, partition)) {
      return result.setErrorCode(Errors.UNSTABLE_OFFSET_COMMIT.code());
    }
    CommittedOffset offset = offsets.get(groupId, partition);
    if (offset == null) {
      return result;
    }
    return result
        .setCommittedOffset(offset.offset())
        .setCommittedLeaderEpoch(offset.leaderEpoch())
        .setMetadata(offset.metadata());
  }

  /** Deletes offsets of topics that the group does not read (KIP-496). */
  OffsetDeleteResponseData delete(
      @Nullable Group group,
      OffsetDeleteRequestData request,
      ShardResult.Builder<GroupRecord> step) {
    OffsetDeleteResponseData response = new OffsetDeleteResponseData();
    if (group == null || group.state() instanceof Dead) {
      return response.setErrorCode(Errors.GROUP_ID_NOT_FOUND.code());
    }
    if (!group.isEmpty() && !group.usesConsumerProtocol()) {
      return response.setErrorCode(Errors.NON_EMPTY_GROUP.code());
    }
    for (OffsetDeleteRequestTopic topic : request.topics()) {
      boolean read = group.isSubscribedTo(topic.name());
      OffsetDeleteResponseTopic results = new OffsetDeleteResponseTopic().setName(topic.name());
      response.topics().add(results);
      for (OffsetDeleteRequestPartition partition : topic.partitions()) {
        TopicPartition which = new TopicPartition(topic.name(), partition.partitionIndex());
        if (!read && offsets.get(group.id(), which) != null) {
          step.append(new OffsetRemoved(group.id(), which));
        }
        results
            .partitions()
            .add(
                new OffsetDeleteResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode((read ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE).code()));
      }
    }
    return response;
  }

  /** Tombstones for the offsets, of all groups, of topics that are no more. */
  List<OffsetRemoved> topicsDeleted(Map<String, Uuid> topics) {
    List<OffsetRemoved> records = new ArrayList<>();
    for (String groupId : offsets.groupIds()) {
      offsets
          .of(groupId)
          .forEach(
              (partition, offset) -> {
                Uuid deleted = topics.get(partition.topic());
                if (deleted != null && isOf(offset, deleted)) {
                  records.add(new OffsetRemoved(groupId, partition));
                }
              });
    }
    return records;
  }

  /** Whether an offset may belong to that topic, and not to a later one of the same name. */
  private static boolean isOf(CommittedOffset offset, Uuid topicId) {
    return offset.topicId().equals(Uuid.ZERO_UUID) || offset.topicId().equals(topicId);
  }

  /**
   * Tombstones for the offsets of a group that are expired (KIP-211): by the commit's own time; or
   * retention after the group lost its last member; or, of topics that a stable group does not
   * read, retention after the commit.
   */
  List<OffsetRemoved> expired(Group group) {
    List<OffsetRemoved> records = new ArrayList<>();
    Set<TopicPartition> pending = offsets.pendingOf(group.id());
    offsets
        .of(group.id())
        .forEach(
            (partition, offset) -> {
              if (!pending.contains(partition) && isExpired(group, partition, offset)) {
                records.add(new OffsetRemoved(group.id(), partition));
              }
            });
    return records;
  }

  private boolean isExpired(Group group, TopicPartition partition, CommittedOffset offset) {
    long sinceMs;
    if (group.protocolType().isEmpty()) {
      sinceMs = offset.commitTimeMs();
    } else if (group.isEmpty()) {
      sinceMs = group.stateSinceMs() >= 0 ? group.stateSinceMs() : offset.commitTimeMs();
    } else if (group.usesConsumerProtocol()
        && group.state() instanceof GroupState.Stable
        && group.subscribedTopics() != null
        && !group.isSubscribedTo(partition.topic())) {
      sinceMs = offset.commitTimeMs();
    } else {
      return false;
    }
    long nowMs = clock.wallMs();
    return offset.expireTimeMs() >= 0
        ? nowMs >= offset.expireTimeMs()
        : nowMs - sinceMs >= settings.offsetsRetentionMs();
  }
}
