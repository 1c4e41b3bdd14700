package io.millrace.sim;

import io.millrace.sim.PartitionHistory.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * One seeded schedule: clients produce, consume and delete while the process is killed, loses its
 * power, meets a failing disk, or is stopped and started; then the faults end, everything must come
 * to rest, and the whole logs are read.
 *
 * <p>Confined to the test's thread.
 */
final class BrokerSchedule {
  private static final int STEPS = 120;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "offsets.topic.num.partitions", "1",
          "offsets.topic.segment.bytes", "2000",
          "log.retention.check.interval.ms", "2000",
          "log.cleaner.backoff.ms", "1000",
          "log.flush.offset.checkpoint.interval.ms", "3000",
          "log.flush.start.offset.checkpoint.interval.ms", "3000");

  private final long seed;
  private final SimWorld world;
  private final List<SimProducer> producers = new ArrayList<>();
  private final List<SimConsumer> consumers = new ArrayList<>();
  private final List<SimGroup> groups = new ArrayList<>();
  private boolean deleting;

  BrokerSchedule(long seed) {
    this.seed = seed;
    this.world = new SimWorld(seed, SETTINGS);
  }

  /** Runs it. @throws AssertionError that names the seed */
  void run() {
    try {
      begin();
      for (int step = 0; step < STEPS; step++) {
        step();
        world.sim.runFor(1 + world.random.nextInt(300));
      }
      comeToRest();
      readEverything();
      world.stop();
      serve();
      readEverything();
    } catch (RuntimeException | AssertionError fault) {
      throw new AssertionError(
          "schedule with seed "
              + seed
              + " failed: "
              + fault.getMessage()
              + "\n"
              + String.join("\n", world.events()),
          fault);
    }
  }

  private void begin() {
    serve();
    String segment = Integer.toString(200 + world.random.nextInt(2000));
    world.createTopic("plain", 2, "segment.bytes", segment, "file.delete.delay.ms", "1000");
    world.createTopic("durable", 1, "segment.bytes", segment, "flush.messages", "1");
    world.createTopic(
        "compact",
        1,
        "segment.bytes",
        segment,
        "cleanup.policy",
        "compact",
        "min.cleanable.dirty.ratio",
        "0.01",
        "delete.retention.ms",
        "2000",
        "file.delete.delay.ms",
        "1000");
    world.createTopic(
        "short",
        1,
        "segment.bytes",
        segment,
        "compression.type",
        "gzip",
        "retention.bytes",
        "600",
        "file.delete.delay.ms",
        "500");
    groups.add(new SimGroup(world, "g", 30));
    groups.add(new SimGroup(world, "h", 31));
    long connection = 1;
    for (String name : world.histories.keySet()) {
      int dash = name.lastIndexOf('-');
      String topic = name.substring(0, dash);
      int partition = Integer.parseInt(name.substring(dash + 1));
      producers.add(new SimProducer(world, topic, partition, connection++));
      producers.add(new SimProducer(world, topic, partition, connection++));
      consumers.add(
          new SimConsumer(world, topic, partition, connection++, topic.equals("compact")));
    }
  }

  private void step() {
    int dice = world.random.nextInt(100);
    if (world.broker() == null || isBroken()) {
      restart();
    } else if (dice < 1) {
      burst();
      world.kill();
    } else if (dice < 2) {
      burst();
      world.cutPower();
    } else if (dice < 3 && world.isServing()) {
      world.stop();
    } else if (dice < 4) {
      world.note("a failure of the disk is near");
      world.disk.failOperation(1 + world.random.nextInt(60));
    } else if (dice < 6 && world.broker() != null) {
      world.broker().cut(1 + world.random.nextInt(20));
    } else if (dice < 9) {
      deleteRecords();
    } else if (dice < 10) {
      world.sim.jumpWallClock(world.random.nextInt(20_000) - 5_000);
    } else if (dice < 70) {
      any(producers).produce();
    } else {
      any(consumers).poll();
    }
    producers.forEach(SimProducer::pump);
    groups.forEach(SimGroup::step);
  }

  /** Puts appends, flushes and reads under way, so that what comes next meets them anywhere. */
  private void burst() {
    for (int i = world.random.nextInt(4); i > 0; i--) {
      producers.forEach(SimProducer::produce);
      consumers.forEach(SimConsumer::poll);
      world.sim.runFor(world.random.nextInt(3));
    }
  }

  private boolean isBroken() {
    SimBroker broker = world.broker();
    return broker != null && (broker.isBroken() || broker.ready().failed());
  }

  private void restart() {
    if (world.broker() != null) {
      world.kill();
    }
    world.start();
  }

  private <T> T any(List<T> list) {
    return list.get(world.random.nextInt(list.size()));
  }

  private void deleteRecords() {
    if (deleting || !world.isServing()) {
      return;
    }
    deleting = true;
    int partition = world.random.nextInt(2);
    long offset = world.random.nextInt(30);
    world.history("plain", partition).deleteAsked(offset);
    DeleteRecordsTopic topic = new DeleteRecordsTopic().setName("plain");
    topic
        .partitions()
        .add(new DeleteRecordsPartition().setPartitionIndex(partition).setOffset(offset));
    DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTimeoutMs(1000);
    request.topics().add(topic);
    world
        .call(50, ApiKeys.DELETE_RECORDS, 2, request)
        .onSuccess(reply -> noteDeletion((DeleteRecordsResponseData) reply, partition, offset))
        .onComplete(done -> deleting = false);
  }

  private void noteDeletion(DeleteRecordsResponseData reply, int partition, long offset) {
    var result = reply.topics().find("plain").partitions().find(partition);
    if (result.errorCode() == Errors.NONE.code()) {
      world.note("deleted " + partition + " below " + offset);
      world.history("plain", partition).deleted(offset);
    }
  }

  private void serve() {
    for (int attempt = 0; attempt < 3 && !world.isServing(); attempt++) {
      restart();
      SimBroker broker = world.broker();
      world.sim.runUntil(() -> broker.ready().isComplete() || broker.isBroken(), 120_000);
    }
    if (!world.isServing()) {
      throw new AssertionError("the broker does not start", world.broker().ready().cause());
    }
  }

  /** Without faults everything that waits is answered within a bound of time. */
  private void comeToRest() {
    world.kill();
    serve();
    for (int i = 0; i < 600 && !producers.stream().allMatch(SimProducer::isDone); i++) {
      producers.forEach(SimProducer::pump);
      groups.forEach(SimGroup::step);
      world.sim.runFor(100);
    }
    if (!producers.stream().allMatch(SimProducer::isDone)) {
      throw new AssertionError("a producer was not answered within a minute");
    }
    world.sim.runFor(15_000);
    if (world.broker().framesHeld() != 0) {
      throw new AssertionError(world.broker().framesHeld() + " frames were not given back");
    }
  }

  private void readEverything() {
    world.histories.forEach(
        (name, history) -> {
          int dash = name.lastIndexOf('-');
          readAll(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)), history);
        });
  }

  private void readAll(String topic, int partition, PartitionHistory history) {
    long start = offset(topic, partition, -2);
    long end = offset(topic, partition, -1);
    history.sawHighWatermark(end);
    TreeMap<Long, Known> all = new TreeMap<>();
    long position = start;
    while (position < end) {
      FetchResponseData answer =
          (FetchResponseData)
              world.sim.await(
                  world.call(
                      99,
                      ApiKeys.FETCH,
                      12,
                      Requests.fetch(topic, partition, position, 1, 1000, 1 << 20)),
                  60_000);
      PartitionData data = answer.responses().get(0).partitions().get(0);
      long before = position;
      for (RecordBatch batch : Answers.batches(Answers.read(data.records()))) {
        for (Record record : batch) {
          if (record.offset() >= start) {
            Known known = new Known(Answers.key(record), Answers.value(record));
            all.put(record.offset(), known);
            history.delivered(record.offset(), known);
          }
        }
        position = Math.max(position, batch.nextOffset());
      }
      if (position == before) {
        throw new AssertionError(
            history.name() + ": nothing to read at " + position + " below the end " + end);
      }
    }
    history.checkComplete(start, all);
  }

  private long offset(String topic, int partition, long timestamp) {
    ListOffsetsResponseData answer =
        (ListOffsetsResponseData)
            world.sim.await(
                world.call(
                    99, ApiKeys.LIST_OFFSETS, 7, Requests.listOffsets(topic, partition, timestamp)),
                60_000);
    return answer.topics().get(0).partitions().get(0).offset();
  }
}
