package io.millrace.handler;

import io.millrace.partition.DeleteOutcome;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * DeleteRecords (21): moves the start of logs up (KIP-107). Offset -1 is the high watermark.
 *
 * <ul>
 *   <li>0, 1: plain encoding. 2: flexible.
 * </ul>
 *
 * <p>Internal topics are refused with INVALID_TOPIC_EXCEPTION, topics that are not deleted by age
 * or size with POLICY_VIOLATION.
 *
 * <p>Thread-safe.
 */
public final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequestData> {
  private final Partitions partitions;
  private final Authorizer authorizer;

  /** Deletes in the partitions of this broker. */
  public DeleteRecordsHandler(Partitions partitions, Authorizer authorizer) {
    this.partitions = partitions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_RECORDS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DeleteRecordsRequestData request) {
    DeleteRecordsResponseData response = new DeleteRecordsResponseData();
    List<Future<DeleteOutcome>> deletions = new ArrayList<>();
    for (DeleteRecordsTopic topic : request.topics()) {
      DeleteRecordsTopicResult answer = new DeleteRecordsTopicResult().setName(topic.name());
      response.topics().add(answer);
      Errors refusal = refusal(context, topic.name());
      for (DeleteRecordsPartition asked : topic.partitions()) {
        DeleteRecordsPartitionResult part =
            new DeleteRecordsPartitionResult()
                .setPartitionIndex(asked.partitionIndex())
                .setLowWatermark(-1)
                .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        answer.partitions().add(part);
        Future<DeleteOutcome> deletion =
            refusal == Errors.NONE
                ? delete(context, topic.name(), asked, request.timeoutMs())
                : Future.succeededFuture(new DeleteOutcome(refusal, -1));
        deletions.add(
            deletion.onSuccess(
                done ->
                    part.setErrorCode(done.error().code()).setLowWatermark(done.lowWatermark())));
      }
    }
    return Future.join(deletions).transform(done -> Future.succeededFuture(response));
  }

  private Errors refusal(RequestContext context, String topic) {
    if (!authorizer.allows(context.caller(), AclOperation.DELETE, ResourceType.TOPIC, topic)) {
      return Errors.TOPIC_AUTHORIZATION_FAILED;
    }
    return Errors.NONE;
  }

  private Future<DeleteOutcome> delete(
      RequestContext context, String topic, DeleteRecordsPartition asked, int timeoutMs) {
    Partition partition = partitions.get(topic, asked.partitionIndex());
    if (partition == null) {
      Errors absence = partitions.absence(topic, asked.partitionIndex());
      return Future.succeededFuture(new DeleteOutcome(absence, -1));
    }
    return Topic.isInternal(topic)
        ? Future.succeededFuture(new DeleteOutcome(Errors.INVALID_TOPIC_EXCEPTION, -1))
        : partition.deleteRecords(context.loop(), asked.offset(), timeoutMs);
  }
}
