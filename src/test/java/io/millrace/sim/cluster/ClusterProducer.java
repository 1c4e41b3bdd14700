package io.millrace.sim.cluster;

import io.millrace.sim.Requests;
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
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * An idempotent producer on one partition with acks=all: up to five batches in flight to whoever
 * leads, repeated in order after anything that leaves their fate open, until they are acknowledged.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterProducer {
  private static final int IN_FLIGHT_MAX = 5;

  private final ClusterWorld world;
  private final ClusterClient client;
  private final String topic;
  private final int partition;
  private final String name;
  private final ClusterHistory history;
  private final ArrayDeque<Batch> unacknowledged = new ArrayDeque<>();

  private long producerId = -1;
  private boolean asking;
  private int nextSequence;
  private int nextValue;
  private int batches;
  private int inFlight;
  private boolean repeating;
  private long pauseUntilMs;

  private static final class Batch {
    private final int number;
    private final MemoryRecords records;
    private final List<String> values;
    private boolean sent;

    Batch(int number, MemoryRecords records, List<String> values) {
      this.number = number;
      this.records = records;
      this.values = values;
    }
  }

  ClusterProducer(ClusterWorld world, String topic, int partition, int number) {
    this.world = world;
    this.name = "p" + number;
    this.client = new ClusterClient(world, name);
    this.topic = topic;
    this.partition = partition;
    this.history = world.history(topic, partition);
  }

  /** Whether everything was acknowledged. */
  boolean isDone() {
    return unacknowledged.isEmpty();
  }

  /** Makes a new batch of one to four records, and sends what may be sent. */
  void produce() {
    if (mayGoOn() && producerId >= 0 && !repeating) {
      unacknowledged.add(newBatch(1 + world.random.nextInt(4)));
    }
    pump();
  }

  /**
   * Answers come in the order of the requests: behind one that is missing at most four more are
   * under way, though here single answers may be lost and later ones come.
   */
  private boolean mayGoOn() {
    Batch oldest = unacknowledged.peekFirst();
    return oldest == null || batches - oldest.number < IN_FLIGHT_MAX;
  }

  private Batch newBatch(int count) {
    List<Sent> records = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String value = topic + partition + "/" + name + "/" + nextValue++;
      records.add(new Sent("k", value, world.sim.clock().wallMs()));
      values.add(value);
    }
    Origin origin = new Origin(producerId, (short) 0, nextSequence);
    nextSequence += count;
    return new Batch(batches++, Requests.batch(origin, Compression.NONE, records), values);
  }

  /** Sends what is due; call it from time to time. */
  void pump() {
    if (producerId < 0) {
      askForId();
      return;
    }
    if (repeating && inFlight == 0 && world.sim.clock().monotonicMs() >= pauseUntilMs) {
      repeating = false;
      unacknowledged.forEach(batch -> batch.sent = false);
    }
    if (repeating) {
      return;
    }
    for (Batch batch : List.copyOf(unacknowledged)) {
      if (!batch.sent) {
        ClusterClient.Leader leader = client.leader(topic, partition);
        if (leader == null) {
          return;
        }
        send(batch, leader.brokerId());
      }
    }
  }

  private void askForId() {
    if (asking) {
      return;
    }
    asking = true;
    client
        .<InitProducerIdResponseData>call(
            client.anyBroker(),
            ApiKeys.INIT_PRODUCER_ID,
            4,
            new InitProducerIdRequestData().setTransactionalId(null))
        .onComplete(
            done -> {
              asking = false;
              if (done.succeeded() && done.result().errorCode() == 0) {
                producerId = done.result().producerId();
                world.gaveProducerId(producerId);
              }
            });
  }

  private void send(Batch batch, int to) {
    batch.sent = true;
    inFlight++;
    client
        .<ProduceResponseData>call(
            to, ApiKeys.PRODUCE, 12, Requests.produce(topic, partition, -1, batch.records))
        .onComplete(done -> answered(batch, done));
  }

  private void answered(Batch batch, AsyncResult<ProduceResponseData> done) {
    inFlight--;
    if (done.failed()) {
      repeat(true);
      return;
    }
    PartitionProduceResponse part =
        done.result().responses().iterator().next().partitionResponses().get(0);
    Errors error = Errors.forCode(part.errorCode());
    switch (error) {
      case NONE -> {
        history.acknowledged(part.baseOffset(), batch.values);
        unacknowledged.remove(batch);
      }
      // It stands in the log, but the broker no longer knows where.
      case DUPLICATE_SEQUENCE_NUMBER -> unacknowledged.remove(batch);
      // A leader that is one no longer may lack what came before; one that stays so is found at
      // the end, when this batch still waits.
      case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID -> repeat(true);
      case NOT_LEADER_OR_FOLLOWER,
          UNKNOWN_TOPIC_OR_PARTITION,
          LEADER_NOT_AVAILABLE,
          FENCED_LEADER_EPOCH,
          KAFKA_STORAGE_ERROR ->
          repeat(true);
      case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
          repeat(false);
      default -> throw new Violation("answers", "a produce was answered with " + error);
    }
  }

  private void repeat(boolean elsewhere) {
    repeating = true;
    pauseUntilMs = world.sim.clock().monotonicMs() + 50;
    if (elsewhere) {
      client.forget(topic, partition);
    }
  }

  @Override
  public String toString() {
    return name
        + " on "
        + topic
        + "-"
        + partition
        + ": id "
        + producerId
        + ", "
        + unacknowledged.size()
        + " batches wait, "
        + inFlight
        + " in flight";
  }
}
