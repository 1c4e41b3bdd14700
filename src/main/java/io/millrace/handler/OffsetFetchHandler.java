package io.millrace.handler;

import io.millrace.coordinator.GroupCoordinator;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * OffsetFetch (key 9), versions 1 to 10.
 *
 * <p>2: all topics, and an error of the whole answer. 4: throttled after the answer. 5: leader
 * epoch (KIP-320). 6: flexible. 7: only stable offsets (KIP-447). 8: several groups (KIP-709). 9:
 * member id and epoch (KIP-848), which classic groups pass over. 10: topics by id (KIP-848).
 */
public final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequestData> {
  private static final short VERSION_ERROR = 2;
  private static final short VERSION_GROUPS = 8;

  private final GroupCoordinator groups;

  public OffsetFetchHandler(GroupCoordinator groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_FETCH;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, OffsetFetchRequestData request) {
    if (context.version() >= VERSION_GROUPS) {
      return groups.fetch(GroupCalls.of(context), request).map(answer -> answer);
    }
    OffsetFetchRequestData single =
        new OffsetFetchRequestData()
            .setRequireStable(request.requireStable())
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup()
                        .setGroupId(request.groupId())
                        .setTopics(topics(request.topics()))));
    return groups
        .fetch(GroupCalls.of(context), single)
        .map(answer -> shaped(answer.groups().get(0), request, context.version()));
  }

  private static @Nullable List<OffsetFetchRequestTopics> topics(
      @Nullable List<OffsetFetchRequestTopic> topics) {
    if (topics == null) {
      return null;
    }
    return topics.stream()
        .map(
            topic ->
                new OffsetFetchRequestTopics()
                    .setName(topic.name())
                    .setPartitionIndexes(topic.partitionIndexes()))
        .toList();
  }

  private static ApiMessage shaped(
      OffsetFetchResponseGroup group, OffsetFetchRequestData request, short version) {
    Errors error = Errors.forCode(group.errorCode());
    OffsetFetchResponseData answer = new OffsetFetchResponseData();
    if (version >= VERSION_ERROR) {
      answer.setErrorCode(error.code());
    } else if (error != Errors.NONE) {
      // Version 1 has room for errors in partitions only.
      return answer.setTopics(request.topics().stream().map(t -> refused(t, error)).toList());
    }
    return answer.setTopics(group.topics().stream().map(OffsetFetchHandler::shaped).toList());
  }

  private static OffsetFetchResponseTopic refused(OffsetFetchRequestTopic topic, Errors error) {
    return new OffsetFetchResponseTopic()
        .setName(topic.name())
        .setPartitions(
            topic.partitionIndexes().stream()
                .map(
                    partition ->
                        new OffsetFetchResponsePartition()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(-1)
                            .setMetadata("")
                            .setErrorCode(error.code()))
                .toList());
  }

  private static OffsetFetchResponseTopic shaped(OffsetFetchResponseTopics topic) {
    return new OffsetFetchResponseTopic()
        .setName(topic.name())
        .setPartitions(topic.partitions().stream().map(OffsetFetchHandler::shaped).toList());
  }

  private static OffsetFetchResponsePartition shaped(OffsetFetchResponsePartitions partition) {
    return new OffsetFetchResponsePartition()
        .setPartitionIndex(partition.partitionIndex())
        .setCommittedOffset(partition.committedOffset())
        .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
        .setMetadata(partition.metadata())
        .setErrorCode(partition.errorCode());
  }
}
