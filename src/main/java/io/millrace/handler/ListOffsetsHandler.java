package io.millrace.handler;

import io.millrace.model.TopicPartition;
import io.millrace.partition.FoundOffset;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.partition.ReadLimit;
import io.millrace.security.Authorizer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.resource.ResourceType;

/**
 * ListOffsets (2): finds offsets by time.
 *
 * <ul>
 *   <li>1: one offset with its timestamp (KIP-79). 2: isolation level (KIP-98).
 *   <li>4: leader epochs (KIP-320). 5: OFFSET_NOT_AVAILABLE (KIP-207). 6: flexible. 7: largest
 *       timestamp, -3 (KIP-734).
 *   <li>8: start of the local log, -4 (KIP-405). 9: last tiered offset, -5 (KIP-1005).
 *   <li>10: timeout for reads of remote logs (KIP-1075); nothing is remote here.
 *   <li>11: first offset that waits for its upload, -6 (KIP-1023).
 * </ul>
 *
 * <p>An isolation level that does not exist is answered with INVALID_REQUEST for each partition, as
 * are partitions that are asked for twice.
 *
 * <p>As nothing is tiered, the local log is the log, and -5 and -6 find nothing.
 *
 * <p>Thread-safe.
 */
public final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequestData> {
  private static final int LEADER_EPOCH_SINCE_VERSION = 4;
  private static final int OFFSET_NOT_AVAILABLE_SINCE_VERSION = 5;
  private static final Map<Long, Integer> SPECIAL_SINCE_VERSION =
      Map.of(
          ListOffsetsRequest.LATEST_TIMESTAMP, 1,
          ListOffsetsRequest.EARLIEST_TIMESTAMP, 1,
          ListOffsetsRequest.MAX_TIMESTAMP, 7,
          ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP, 8,
          ListOffsetsRequest.LATEST_TIERED_TIMESTAMP, 9,
          ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11);

  private final Partitions partitions;
  private final Authorizer authorizer;

  /** Looks into the partitions of this broker. */
  public ListOffsetsHandler(Partitions partitions, Authorizer authorizer) {
    this.partitions = partitions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_OFFSETS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ListOffsetsRequestData request) {
    boolean fromConsumer = request.replicaId() == ListOffsetsRequest.CONSUMER_REPLICA_ID;
    boolean knownLevel = !fromConsumer || ReadLimit.isKnown(request.isolationLevel());
    ReadLimit limit =
        fromConsumer && knownLevel ? ReadLimit.of(request.isolationLevel()) : ReadLimit.LOG_END;
    Set<TopicPartition> repeated = repeated(request);
    ListOffsetsResponseData response = new ListOffsetsResponseData();
    List<Future<FoundOffset>> lookups = new ArrayList<>();
    for (ListOffsetsTopic topic : request.topics()) {
      ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().setName(topic.name());
      response.topics().add(answer);
      boolean allowed =
          authorizer.allows(
              context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, topic.name());
      for (ListOffsetsPartition asked : topic.partitions()) {
        ListOffsetsPartitionResponse part =
            new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex());
        answer.partitions().add(part);
        boolean valid =
            knownLevel
                && !repeated.contains(new TopicPartition(topic.name(), asked.partitionIndex()));
        Errors refusal = refusal(context, asked, allowed, valid);
        Future<FoundOffset> lookup =
            refusal == Errors.NONE
                ? find(context, topic.name(), asked, limit)
                : Future.succeededFuture(new FoundOffset(refusal, -1, -1, -1));
        lookups.add(lookup.onComplete(done -> fill(part, done, context.version())));
      }
    }
    return Future.join(lookups).transform(done -> Future.succeededFuture(response));
  }

  private static Errors refusal(
      RequestContext context, ListOffsetsPartition asked, boolean allowed, boolean valid) {
    if (!allowed) {
      return Errors.TOPIC_AUTHORIZATION_FAILED;
    }
    if (!valid) {
      return Errors.INVALID_REQUEST;
    }
    Integer since = SPECIAL_SINCE_VERSION.get(asked.timestamp());
    boolean unknown =
        asked.timestamp() < 0 && (since == null || context.version() < since.intValue());
    return unknown ? Errors.UNSUPPORTED_VERSION : Errors.NONE;
  }

  /** The partitions that are asked for more than once, also where their topic stands twice. */
  private static Set<TopicPartition> repeated(ListOffsetsRequestData request) {
    Set<TopicPartition> seen = new HashSet<>();
    Set<TopicPartition> repeated = new HashSet<>();
    for (ListOffsetsTopic topic : request.topics()) {
      for (ListOffsetsPartition asked : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), asked.partitionIndex());
        if (!seen.add(partition)) {
          repeated.add(partition);
        }
      }
    }
    return repeated;
  }

  private Future<FoundOffset> find(
      RequestContext context, String topic, ListOffsetsPartition asked, ReadLimit limit) {
    Partition partition = partitions.get(topic, asked.partitionIndex());
    return partition == null
        ? Future.succeededFuture(
            new FoundOffset(partitions.absence(topic, asked.partitionIndex()), -1, -1, -1))
        : partition.findOffset(
            context.loop(), asked.timestamp(), limit, asked.currentLeaderEpoch());
  }

  private static void fill(
      ListOffsetsPartitionResponse part, AsyncResult<FoundOffset> done, short version) {
    if (done.failed()) {
      part.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
      return;
    }
    FoundOffset found = done.result();
    Errors error =
        found.error() == Errors.OFFSET_NOT_AVAILABLE && version < OFFSET_NOT_AVAILABLE_SINCE_VERSION
            ? Errors.LEADER_NOT_AVAILABLE
            : found.error();
    part.setErrorCode(error.code()).setOffset(found.offset()).setTimestamp(found.timestampMs());
    if (version >= LEADER_EPOCH_SINCE_VERSION) {
      part.setLeaderEpoch(found.leaderEpoch());
    }
  }
}
