package io.millrace.sim;

import io.millrace.sim.PartitionHistory.Known;
import io.millrace.sim.Requests.Origin;
import io.millrace.sim.Requests.Sent;
import io.vertx.core.AsyncResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer on one partition: up to five batches in flight, repeated in order after
 * anything that leaves their fate open, until they are acknowledged.
 *
 * <p>Confined to the test's thread.
 */
final class SimProducer {
  private static final int IN_FLIGHT_MAX = 5;
  private static final List<Compression> CODECS =
      List.of(Compression.NONE, Compression.NONE, Compression.gzip().build());

  private final SimWorld world;
  private final String topic;
  private final int partition;
  private final long connection;
  private final PartitionHistory history;
  private final ArrayDeque<Batch> unacknowledged = new ArrayDeque<>();

  private long producerId = -1;
  private boolean asking;
  private int nextSequence;
  private int nextValue;
  private int inFlight;
  private boolean repeating;
  private int lossesSeen;

  private static final class Batch {
    private final MemoryRecords records;
    private final List<Known> content;
    private boolean sent;

    Batch(MemoryRecords records, List<Known> content) {
      this.records = records;
      this.content = content;
    }
  }

  SimProducer(SimWorld world, String topic, int partition, long connection) {
    this.world = world;
    this.topic = topic;
    this.partition = partition;
    this.connection = connection;
    this.history = world.history(topic, partition);
  }

  /** Whether everything was acknowledged. */
  boolean isDone() {
    return unacknowledged.isEmpty();
  }

  /** Makes a new batch of one to five records, and sends what may be sent. */
  void produce() {
    if (unacknowledged.size() < IN_FLIGHT_MAX && producerId >= 0 && !repeating) {
      unacknowledged.add(newBatch(1 + world.random.nextInt(5)));
    }
    pump();
  }

  private Batch newBatch(int count) {
    List<Sent> records = new ArrayList<>();
    List<Known> content = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = "k" + world.random.nextInt(6);
      String value = topic + partition + "/" + connection + "/" + nextValue++;
      records.add(new Sent(key, value, world.sim.clock().wallMs()));
      content.add(new Known(key, value));
    }
    Origin origin = new Origin(producerId, (short) 0, nextSequence);
    nextSequence += count;
    Compression codec = CODECS.get(world.random.nextInt(CODECS.size()));
    return new Batch(Requests.batch(origin, codec, records), content);
  }

  /** Sends what is due; call it from time to time. */
  void pump() {
    if (producerId < 0) {
      askForId();
      return;
    }
    if (repeating && inFlight == 0) {
      repeating = false;
      unacknowledged.forEach(batch -> batch.sent = false);
    }
    if (!repeating && world.isServing()) {
      for (Batch batch : List.copyOf(unacknowledged)) {
        if (!batch.sent) {
          send(batch);
        }
      }
    }
  }

  private void askForId() {
    if (asking || !world.isServing()) {
      return;
    }
    asking = true;
    world
        .call(
            connection,
            ApiKeys.INIT_PRODUCER_ID,
            4,
            new InitProducerIdRequestData().setTransactionalId(null))
        .onComplete(
            done -> {
              asking = false;
              if (done.succeeded() && done.result() instanceof InitProducerIdResponseData data) {
                if (data.errorCode() == 0) {
                  producerId = data.producerId();
                  nextSequence = 0;
                  lossesSeen = history.losses();
                }
              }
            });
  }

  private void send(Batch batch) {
    batch.sent = true;
    inFlight++;
    world
        .call(
            connection, ApiKeys.PRODUCE, 12, Requests.produce(topic, partition, -1, batch.records))
        .onComplete(done -> answered(batch, done));
  }

  private void answered(Batch batch, AsyncResult<@Nullable ApiMessage> done) {
    inFlight--;
    if (done.failed() || done.result() == null) {
      repeating = true;
      return;
    }
    ProduceResponseData response = (ProduceResponseData) done.result();
    PartitionProduceResponse part =
        response.responses().iterator().next().partitionResponses().get(0);
    Errors error = Errors.forCode(part.errorCode());
    switch (error) {
      case NONE -> {
        history.acknowledged(part.baseOffset(), batch.content);
        unacknowledged.remove(batch);
      }
      // It stands in the log, but the broker no longer knows where.
      case DUPLICATE_SEQUENCE_NUMBER -> unacknowledged.remove(batch);
      case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID -> outOfOrder(batch, error);
      case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR, REQUEST_TIMED_OUT -> repeating = true;
      default -> throw new AssertionError("a produce was answered with " + error);
    }
  }

  private void outOfOrder(Batch batch, Errors error) {
    if (batch != unacknowledged.peek()) {
      // One before it was not appended: both are repeated.
      repeating = true;
      return;
    }
    if (history.losses() == lossesSeen) {
      throw new AssertionError(
          history.name() + ": " + error + " for the first batch that is not acknowledged");
    }
    // The log lost what came before: begin anew, as clients do.
    producerId = -1;
    unacknowledged.clear();
    repeating = false;
  }
}
