package io.millrace.handler;

import io.millrace.partition.FoundOffset;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.security.Authorizer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * OffsetForLeaderEpoch (23): where a leader epoch ends, so that a reader whose log went another way
 * finds the point where it left (KIP-101, KIP-279).
 *
 * <ul>
 *   <li>2: the leader epoch that the reader knows is checked (KIP-320).
 *   <li>3: replica id. 4: flexible.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class OffsetForLeaderEpochHandler
    implements ApiHandler<OffsetForLeaderEpochRequestData> {
  private final Partitions partitions;
  private final Authorizer authorizer;

  /** Looks into the partitions of this broker. */
  public OffsetForLeaderEpochHandler(Partitions partitions, Authorizer authorizer) {
    this.partitions = partitions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
  }

  @Override
  public Future<ApiMessage> handle(
      RequestContext context, OffsetForLeaderEpochRequestData request) {
    OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
    List<Future<FoundOffset>> lookups = new ArrayList<>();
    for (OffsetForLeaderTopic topic : request.topics()) {
      OffsetForLeaderTopicResult answer = new OffsetForLeaderTopicResult().setTopic(topic.topic());
      response.topics().add(answer);
      boolean allowed =
          authorizer.allows(
              context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, topic.topic());
      for (OffsetForLeaderPartition asked : topic.partitions()) {
        EpochEndOffset part = new EpochEndOffset().setPartition(asked.partition());
        answer.partitions().add(part);
        Future<FoundOffset> lookup =
            allowed
                ? find(context, topic.topic(), asked)
                : Future.succeededFuture(
                    new FoundOffset(Errors.TOPIC_AUTHORIZATION_FAILED, -1, -1, -1));
        lookups.add(lookup.onComplete(done -> fill(part, done)));
      }
    }
    return Future.join(lookups).transform(done -> Future.succeededFuture(response));
  }

  private Future<FoundOffset> find(
      RequestContext context, String topic, OffsetForLeaderPartition asked) {
    Partition partition = partitions.get(topic, asked.partition());
    return partition == null
        ? Future.succeededFuture(
            new FoundOffset(partitions.absence(topic, asked.partition()), -1, -1, -1))
        : partition.epochEnd(context.loop(), asked.leaderEpoch(), asked.currentLeaderEpoch());
  }

  private static void fill(EpochEndOffset part, AsyncResult<FoundOffset> done) {
    if (done.failed()) {
      part.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
      return;
    }
    FoundOffset found = done.result();
    part.setErrorCode(found.error().code())
        .setLeaderEpoch(found.leaderEpoch())
        .setEndOffset(found.offset());
  }
}
