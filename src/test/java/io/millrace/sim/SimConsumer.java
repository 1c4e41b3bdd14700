package io.millrace.sim;

import io.millrace.sim.PartitionHistory.Known;
import io.vertx.core.AsyncResult;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of one partition that fetches again and again, in a session or without one, with
 * limits of any size, from the start or from wherever its log begins.
 *
 * <p>Confined to the test's thread.
 */
final class SimConsumer {
  private final SimWorld world;
  private final String topic;
  private final int partition;
  private final long connection;
  private final PartitionHistory history;
  private final boolean usesSession;
  private final boolean compacted;

  private long position;
  private boolean busy;
  private int sessionId;
  private int sessionEpoch;

  SimConsumer(SimWorld world, String topic, int partition, long connection, boolean compacted) {
    this.world = world;
    this.topic = topic;
    this.partition = partition;
    this.connection = connection;
    this.history = world.history(topic, partition);
    this.usesSession = world.random.nextBoolean();
    this.compacted = compacted;
  }

  /** Fetches, unless a fetch is under way. */
  void poll() {
    if (busy || !world.isServing()) {
      return;
    }
    busy = true;
    int maxBytes = world.random.nextInt(3) == 0 ? 1 + world.random.nextInt(400) : 1 << 20;
    FetchRequestData request =
        Requests.fetch(
            topic,
            partition,
            position,
            world.random.nextInt(3) == 0 ? world.random.nextInt(2000) : 1,
            world.random.nextInt(2000),
            maxBytes);
    if (usesSession) {
      request.setSessionId(sessionId).setSessionEpoch(sessionEpoch);
    }
    world.call(connection, ApiKeys.FETCH, 12, request).onComplete(this::answered);
  }

  private void answered(AsyncResult<@Nullable ApiMessage> done) {
    busy = false;
    if (done.failed() || !(done.result() instanceof FetchResponseData answer)) {
      sessionId = 0;
      sessionEpoch = 0;
      return;
    }
    if (answer.errorCode() != 0) {
      sessionError(Errors.forCode(answer.errorCode()));
      return;
    }
    sessionId = usesSession ? answer.sessionId() : 0;
    sessionEpoch = sessionId == 0 ? 0 : sessionEpoch + 1;
    if (answer.responses().isEmpty()) {
      if (!usesSession) {
        throw new AssertionError("a fetch without a session was not answered in full");
      }
      return;
    }
    take(answer.responses().get(0).partitions().get(0));
  }

  private void sessionError(Errors error) {
    sessionId = 0;
    sessionEpoch = 0;
    if (error != Errors.FETCH_SESSION_ID_NOT_FOUND) {
      throw new AssertionError("a fetch was answered with " + error);
    }
  }

  private void take(PartitionData data) {
    Errors error = Errors.forCode(data.errorCode());
    switch (error) {
      case NONE -> {
        history.sawLogStart(data.logStartOffset());
        history.sawHighWatermark(data.highWatermark());
        read(data);
      }
      case OFFSET_OUT_OF_RANGE -> reset();
      case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> {}
      default -> throw new AssertionError("a fetch was answered with " + error);
    }
  }

  private void read(PartitionData data) {
    for (RecordBatch batch : Answers.batches(Answers.read(data.records()))) {
      for (Record record : batch) {
        if (record.offset() < position) {
          continue;
        }
        if (record.offset() >= data.highWatermark()) {
          throw new AssertionError(
              history.name() + ": delivered " + record.offset() + " above the high watermark");
        }
        if (!compacted && record.offset() != position) {
          throw new AssertionError(
              history.name() + ": " + position + " was asked for, " + record.offset() + " came");
        }
        history.delivered(record.offset(), new Known(Answers.key(record), Answers.value(record)));
        position = record.offset() + 1;
      }
      position = Math.max(position, batch.nextOffset());
    }
  }

  private void reset() {
    busy = true;
    world
        .call(connection, ApiKeys.LIST_OFFSETS, 7, Requests.listOffsets(topic, partition, -2))
        .onComplete(
            done -> {
              busy = false;
              if (done.succeeded() && done.result() instanceof ListOffsetsResponseData answer) {
                long start = answer.topics().get(0).partitions().get(0).offset();
                position = start >= 0 ? start : position;
              }
            });
  }
}
