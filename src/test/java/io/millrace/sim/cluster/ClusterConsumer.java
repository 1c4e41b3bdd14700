package io.millrace.sim.cluster;

import io.millrace.sim.Answers;
import io.millrace.sim.Requests;
import io.millrace.sim.cluster.ClusterClient.Leader;
import io.millrace.sim.cluster.ClusterHistory.Stands;
import io.vertx.core.AsyncResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of one partition that reads on from wherever it is, at whoever leads.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterConsumer {
  private final ClusterWorld world;
  private final ClusterClient client;
  private final String topic;
  private final int partition;
  private final ClusterHistory history;

  private final Map<Source, Long> highWatermarks = new HashMap<>();
  private long position;
  private boolean busy;

  /**
   * Who was asked in which epoch. A process that has started anew may answer as a follower, which
   * knows less of the high watermark than the leader did that it was.
   */
  private record Source(@Nullable ClusterBroker process, int epoch) {}

  ClusterConsumer(ClusterWorld world, String topic, int partition, int number) {
    this.world = world;
    this.client = new ClusterClient(world, "c" + number);
    this.topic = topic;
    this.partition = partition;
    this.history = world.history(topic, partition);
  }

  /** Whether it has read everything that is known to be committed. */
  boolean isAtEnd() {
    return position >= history.knownEnd();
  }

  /** After the last fault and the last record there is nothing that it cannot read. */
  void checkAtEnd() {
    history.check(
        isAtEnd(),
        "nothing-lost",
        "a reader comes no further than %d, but %d is known",
        position,
        history.knownEnd() - 1);
  }

  /** Fetches, unless a fetch is under way. */
  void poll() {
    Leader leader = busy ? null : client.leader(topic, partition);
    if (leader == null) {
      return;
    }
    busy = true;
    if (position > 0 && world.random.nextInt(40) == 0) {
      // A second reader begins at the start: what it is given must be the same.
      position = 0;
    }
    FetchRequestData request =
        Requests.fetch(
            topic,
            partition,
            position,
            1,
            world.random.nextInt(1_000),
            world.random.nextInt(3) == 0 ? 1 + world.random.nextInt(400) : 1 << 20);
    boolean namesEpoch = world.random.nextBoolean();
    request
        .topics()
        .get(0)
        .partitions()
        .get(0)
        .setCurrentLeaderEpoch(namesEpoch ? leader.epoch() : -1);
    Source source =
        new Source(
            world.machines.get(leader.brokerId()).broker(), namesEpoch ? leader.epoch() : -1);
    client
        .<FetchResponseData>call(leader.brokerId(), ApiKeys.FETCH, 12, request)
        .onComplete(done -> answered(done, source));
  }

  private void answered(AsyncResult<FetchResponseData> done, Source source) {
    busy = false;
    if (done.failed() || done.result().responses().isEmpty()) {
      client.forget(topic, partition);
      return;
    }
    PartitionData data = done.result().responses().get(0).partitions().get(0);
    Errors error = Errors.forCode(data.errorCode());
    switch (error) {
      case NONE -> {
        if (source.epoch >= 0) {
          Long before = highWatermarks.put(source, data.highWatermark());
          history.check(
              before == null || before <= data.highWatermark(),
              "high-watermark-monotonic",
              "a reader saw the high watermark of epoch %d fall from %d to %d",
              source.epoch,
              before,
              data.highWatermark());
        }
        read(data);
      }
      case NOT_LEADER_OR_FOLLOWER,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH,
          UNKNOWN_TOPIC_OR_PARTITION,
          KAFKA_STORAGE_ERROR,
          REPLICA_NOT_AVAILABLE,
          OFFSET_NOT_AVAILABLE ->
          client.forget(topic, partition);
      case OFFSET_OUT_OF_RANGE ->
          throw new Violation(
              "delivered-stays",
              history.name()
                  + ": a reader at "
                  + position
                  + " is out of range, the high watermark is "
                  + data.highWatermark());
      default -> throw new Violation("answers", "a fetch was answered with " + error);
    }
  }

  private void read(PartitionData data) {
    for (RecordBatch batch : Answers.batches(Answers.read(data.records()))) {
      for (Record record : batch) {
        if (record.offset() < position) {
          continue;
        }
        history.check(
            record.offset() < data.highWatermark(),
            "below-high-watermark",
            "delivered %d, the high watermark is %d",
            record.offset(),
            data.highWatermark());
        history.check(
            record.offset() == position,
            "delivered-stays",
            "%d was asked for, %d came",
            position,
            record.offset());
        String value = Objects.requireNonNull(Answers.value(record));
        history.committed(
            record.offset(), new Stands(value, batch.partitionLeaderEpoch()), "delivered");
        position = record.offset() + 1;
        ClusterWorld.count("delivered", 1);
      }
    }
  }
}
