package io.millrace.handler;

import io.millrace.eventloop.Work;
import io.millrace.handler.ProduceHandler.ProduceDoor;
import io.millrace.model.TopicPartition;
import io.millrace.partition.AppendOutcome;
import io.millrace.partition.Leadership;
import io.millrace.partition.Partition;
import io.millrace.quota.Quotas;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.ProduceValidator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One produce request under way. The answer's message is made first, and each partition fills in
 * its own part.
 *
 * <p>Confined to: the loop of the connection.
 */
final class ProduceRun {
  private static final Logger LOG = LoggerFactory.getLogger(ProduceRun.class);
  private static final String ADMIN_CLIENT_ID = "__admin_client";
  private static final short FIRST_VERSION_WITH_LEADER = 10;

  private final ProduceDoor door;
  private final RequestContext context;
  private final ProduceRequestData request;
  private final ProduceResponseData response = new ProduceResponseData();
  private final Promise<ApiMessage> answer = Promise.promise();
  private int open = 1;
  private int checking = 1;
  private long bytes;
  private boolean failed;
  private Runnable releaseNext = () -> {};

  ProduceRun(ProduceDoor door, RequestContext context, ProduceRequestData request) {
    this.door = door;
    this.context = context;
    this.request = request;
  }

  Future<ApiMessage> start() {
    for (TopicProduceData topic : request.topicData()) {
      List<PartitionProduceResponse> parts = new ArrayList<>(topic.partitionData().size());
      response
          .responses()
          .add(
              new TopicProduceResponse()
                  .setName(topic.name())
                  .setTopicId(topic.topicId())
                  .setPartitionResponses(parts));
      for (PartitionProduceData data : topic.partitionData()) {
        PartitionProduceResponse part = new PartitionProduceResponse().setIndex(data.index());
        parts.add(part);
        open++;
        produce(topic, data, part);
      }
    }
    checked();
    closeOne();
    return answer.future();
  }

  private void produce(
      TopicProduceData topic, PartitionProduceData data, PartitionProduceResponse part) {
    String name = topic.name();
    Uuid id = topic.topicId();
    boolean byId = context.version() >= 13;
    if (byId) {
      name = door.partitions().topicName(id);
    }
    Errors refusal = refusal(name, byId);
    if (refusal != Errors.NONE || name == null) {
      refuse(part, refusal);
      return;
    }
    Partition partition =
        byId ? door.partitions().get(id, data.index()) : door.partitions().get(name, data.index());
    if (partition == null) {
      refuse(
          part,
          byId
              ? door.partitions().absence(id, data.index())
              : door.partitions().absence(name, data.index()));
      return;
    }
    ByteBuffer records = data.records() instanceof MemoryRecords memory ? memory.buffer() : null;
    bytes += records == null ? 0 : records.remaining();
    check(partition, records, part);
  }

  private Errors refusal(@Nullable String topic, boolean byId) {
    if (request.acks() < -1 || request.acks() > 1) {
      return Errors.INVALID_REQUIRED_ACKS;
    }
    if (topic == null) {
      return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (!door.authorizer()
        .allows(context.caller(), AclOperation.WRITE, ResourceType.TOPIC, topic)) {
      return Errors.TOPIC_AUTHORIZATION_FAILED;
    }
    if (Topic.isInternal(topic) && !ADMIN_CLIENT_ID.equals(context.caller().clientId())) {
      return Errors.INVALID_TOPIC_EXCEPTION;
    }
    return Errors.NONE;
  }

  private void check(
      Partition partition, @Nullable ByteBuffer records, PartitionProduceResponse part) {
    context.frame().retain();
    if (records == null
        || records.remaining() <= ProduceValidator.OFFLOAD_BYTES
        || !ProduceValidator.needsDecompression(records, partition.config())) {
      Future<ProduceValidator.Checked> result;
      try {
        result = Future.succeededFuture(checkNow(partition, records));
      } catch (InvalidRecordsException | RuntimeException e) {
        result = Future.failedFuture(e);
      }
      append(partition, result, part);
      return;
    }
    if (checking++ == 1) {
      // Batches of one producer must reach the log in the order in which they were sent.
      releaseNext = context.connection().holdNext();
    }
    context
        .loop()
        .offload(Work.DECOMPRESS, () -> checkNow(partition, records))
        .onComplete(
            result -> {
              append(
                  partition,
                  result.succeeded()
                      ? Future.succeededFuture(result.result())
                      : Future.failedFuture(result.cause()),
                  part);
              checked();
            });
  }

  private ProduceValidator.Checked checkNow(Partition partition, @Nullable ByteBuffer records)
      throws InvalidRecordsException {
    TopicPartition name = partition.id().topicPartition();
    return ProduceValidator.check(
        records, context.version(), name, partition.config(), context.loop().clock().wallMs());
  }

  private void checked() {
    if (--checking == 0) {
      releaseNext.run();
    }
  }

  /** The frame was retained for this partition; it is released when its bytes are in the file. */
  private void append(
      Partition partition, Future<ProduceValidator.Checked> result, PartitionProduceResponse part) {
    if (result.failed()) {
      context.frame().release();
      invalid(partition, part, result.cause());
      return;
    }
    ProduceValidator.Checked checked = result.result();
    Runnable onWritten = () -> context.frame().release();
    if (checked.recompressed()) {
      context.frame().release();
      onWritten = () -> {};
    }
    partition
        .append(context.loop(), checked.batch(), request.acks(), request.timeoutMs(), onWritten)
        .onComplete(
            done -> {
              if (done.failed()) {
                failed(partition, "appended", done.cause());
                refuse(part, Errors.forException(done.cause()));
              } else {
                fill(partition, part, done.result(), checked.logAppendTimeMs());
              }
            });
  }

  private void fill(
      Partition partition,
      PartitionProduceResponse part,
      AppendOutcome outcome,
      long logAppendTimeMs) {
    part.setErrorCode(outcome.error().code())
        .setBaseOffset(outcome.baseOffset())
        .setLogStartOffset(outcome.logStartOffset())
        .setErrorMessage(outcome.message());
    if (outcome.error() == Errors.NONE) {
      part.setLogAppendTimeMs(logAppendTimeMs);
    } else {
      failed = true;
      if (context.version() >= FIRST_VERSION_WITH_LEADER
          && LeaderNodes.areNamedFor(outcome.error())) {
        nameLeader(part, partition.leadership());
      }
    }
    closeOne();
  }

  private void nameLeader(PartitionProduceResponse part, Leadership leadership) {
    int leader = leadership.leaderId();
    part.setCurrentLeader(
        new LeaderIdAndEpoch().setLeaderId(leader).setLeaderEpoch(leadership.leaderEpoch()));
    LeaderNodes.Node node = LeaderNodes.of(context, door.partitions().image(), leader);
    if (node != null) {
      node.addTo(response);
    }
  }

  private void invalid(Partition partition, PartitionProduceResponse part, Throwable cause) {
    if (!(cause instanceof InvalidRecordsException refused)) {
      failed(partition, "checked", cause);
      refuse(part, Errors.UNKNOWN_SERVER_ERROR);
      return;
    }
    part.setErrorMessage(refused.getMessage());
    part.setRecordErrors(
        refused.recordErrors().stream()
            .map(
                error ->
                    new BatchIndexAndErrorMessage()
                        .setBatchIndex(error.batchIndex())
                        .setBatchIndexErrorMessage(error.message()))
            .toList());
    if (refused.error() != Errors.MESSAGE_TOO_LARGE && refused.error() != Errors.CORRUPT_MESSAGE) {
      part.setLogStartOffset(partition.logStartOffset());
    }
    refuse(part, refused.error());
  }

  /** What clients send is refused with an error of its own: this is a fault of the program. */
  private void failed(Partition partition, String what, Throwable cause) {
    LOG.error("a batch for {} could not be {}", partition.id().topicPartition(), what, cause);
  }

  private void refuse(PartitionProduceResponse part, Errors error) {
    part.setErrorCode(error.code()).setBaseOffset(-1);
    failed = true;
    closeOne();
  }

  private void closeOne() {
    if (--open > 0) {
      return;
    }
    response.setThrottleTimeMs(
        door.quotas()
            .record(
                context.caller(),
                Quotas.Kind.PRODUCE_BYTES,
                bytes,
                context.loop().clock().monotonicMs()));
    if (request.acks() != 0) {
      answer.complete(response);
    } else if (failed) {
      answer.fail(new InvalidRequestException("a produce request with acks=0 failed"));
    } else {
      answer.complete(null);
    }
  }
}
