package io.millrace.handler;

import io.millrace.eventloop.EventLoop;
import io.millrace.partition.FetchExtras;
import io.millrace.partition.Partition;
import io.millrace.partition.ReadLimit;
import io.millrace.partition.ReadOutcome;
import io.millrace.partition.Touched;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * One answer to a follower: the partitions with news, in the order of their news, with as many
 * records as there is room for. Records leave as regions of the log's files.
 *
 * <p>Confined to: the loop of the session.
 */
final class FollowerAnswer {
  private final FetchResponseData response = new FetchResponseData();
  private final Map<Uuid, FetchableTopicResponse> topics = new LinkedHashMap<>();
  private final List<Cold> cold = new ArrayList<>(0);
  private int left;
  private boolean hasRecords;

  /** Records that a worker must touch before they are sent. */
  private record Cold(Partition partition, PartitionData data, ReadOutcome outcome) {}

  /**
   * @param heldMs for how long the request has waited
   */
  FollowerAnswer(int sessionId, int maxBytes, long heldMs) {
    FetchExtras.putHeld(response, heldMs);
    response.setSessionId(sessionId).setResponses(new ArrayList<>());
    left = maxBytes;
  }

  /** Bytes of records that still have room. */
  int left() {
    return left;
  }

  /**
   * Adds what is new of a partition.
   *
   * @param touched what a worker has brought into memory of it
   * @return false when its records have no room here
   */
  boolean add(FollowerPart part, Touched touched) {
    PartitionData refusal = part.refusal();
    Partition partition = part.partition();
    if (refusal != null || partition == null) {
      put(part, refusal == null ? part.error(Errors.UNKNOWN_TOPIC_OR_PARTITION) : refusal);
      return true;
    }
    ReadOutcome outcome =
        partition.read(
            part.offset(),
            Math.min(left, part.maxBytes()),
            ReadLimit.LOG_END,
            part.leaderEpoch(),
            part.wantsRecords() && !hasRecords);
    if (outcome.error() != Errors.NONE) {
      put(part, part.error(outcome.error()));
      return true;
    }
    boolean records = outcome.sizeInBytes() > 0;
    if (!records && part.wantsRecords() && outcome.limit() > part.offset()) {
      return false;
    }
    part.told(
        outcome.highWatermark(),
        outcome.logStartOffset(),
        outcome.sizeInBytes(),
        outcome.reachesLimit() ? outcome.limit() : -1);
    PartitionData data =
        new PartitionData()
            .setPartitionIndex(part.number())
            .setHighWatermark(outcome.highWatermark())
            .setLastStableOffset(outcome.lastStableOffset())
            .setLogStartOffset(outcome.logStartOffset())
            .setRecords(outcome.records());
    hasRecords |= records;
    left = Math.max(0, left - outcome.sizeInBytes());
    put(part, data);
    if (outcome.isCold() && !touched.covers(outcome)) {
      cold.add(new Cold(partition, data, outcome));
    }
    return true;
  }

  private void put(FollowerPart part, PartitionData data) {
    topics
        .computeIfAbsent(
            part.topicId(),
            id -> {
              FetchableTopicResponse topic =
                  new FetchableTopicResponse().setTopicId(id).setPartitions(new ArrayList<>());
              response.responses().add(topic);
              return topic;
            })
        .partitions()
        .add(data);
  }

  /** The answer, when a worker has touched what may have to come from the disk. */
  Future<ApiMessage> ready(EventLoop loop) {
    if (cold.isEmpty()) {
      return Future.succeededFuture(response);
    }
    List<Future<?>> warming = new ArrayList<>(cold.size());
    for (Cold each : cold) {
      warming.add(
          each.partition
              .warm(loop, each.outcome)
              .onSuccess(warm -> each.data.setRecords(warm.records()))
              .onFailure(
                  fault -> {
                    each.outcome.release();
                    each.data
                        .setRecords(MemoryRecords.EMPTY)
                        .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
                  }));
    }
    return Future.join(warming).transform(done -> Future.succeededFuture(response));
  }
}
