package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.SimScheduler;
import io.millrace.sim.Answers;
import io.millrace.sim.Requests;
import io.millrace.sim.Requests.Origin;
import io.millrace.sim.Requests.Sent;
import io.millrace.sim.SimBroker;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The broker's own code on the simulated scheduler, with the topic {@code t} of two partitions. */
abstract class BrokerFixture {
  static final long TIMESTAMP = 1_750_000_000_000L;

  @TempDir Path folder;
  final SimScheduler sim = new SimScheduler(42);
  SimBroker broker;

  @BeforeEach
  void startBroker() {
    broker =
        SimBroker.launch(
            new SimBroker.Start(sim, files(), folders(), "boot", BrokerConfig.of(settings())),
            "broker");
    sim.await(broker.ready(), 60_000);
    create("t", 2);
  }

  /** Its log folders. */
  List<Path> folders() {
    return List.of(folder);
  }

  /** Where its files are. */
  LogFiles files() {
    return new DiskFiles();
  }

  /** What the configuration of the broker says. */
  Map<String, String> settings() {
    return Map.of();
  }

  @AfterEach
  void stopBroker() {
    sim.runFor(1000);
    assertThat(broker.framesHeld()).as("frames that were not given back").isZero();
    sim.await(broker.stop(), 60_000);
  }

  void create(String topic, int partitions, String... configs) {
    CreateTopicsResponseData done =
        (CreateTopicsResponseData)
            call(ApiKeys.CREATE_TOPICS, 7, Requests.createTopic(topic, partitions, configs));
    assertThat(done.topics().find(topic).errorCode()).isZero();
  }

  ApiMessage call(ApiKeys api, int version, ApiMessage request) {
    return sim.await(broker.call(1, api, version, request), 60_000);
  }

  /** Sends a request by another connection and does not wait for the answer. */
  Future<ApiMessage> callAside(ApiKeys api, int version, ApiMessage request) {
    return broker.call(2, api, version, request);
  }

  static MemoryRecords batch(String... values) {
    return batch(Origin.NONE, values);
  }

  static MemoryRecords batch(Origin origin, String... values) {
    List<Sent> records = new ArrayList<>();
    for (String value : values) {
      records.add(new Sent(null, value, TIMESTAMP));
    }
    return Requests.batch(origin, Compression.NONE, records);
  }

  PartitionProduceResponse produce(ProduceRequestData request) {
    return part((ProduceResponseData) call(ApiKeys.PRODUCE, 12, request));
  }

  PartitionProduceResponse produce(String topic, int partition, String... values) {
    return produce(Requests.produce(topic, partition, -1, batch(values)));
  }

  static PartitionProduceResponse part(ProduceResponseData response) {
    return response.responses().iterator().next().partitionResponses().get(0);
  }

  PartitionData fetch(FetchRequestData request) {
    return part((FetchResponseData) call(ApiKeys.FETCH, 12, request));
  }

  static PartitionData part(FetchResponseData response) {
    return response.responses().get(0).partitions().get(0);
  }

  static PartitionData part(Future<ApiMessage> answered) {
    assertThat(answered.isComplete()).isTrue();
    return part((FetchResponseData) answered.result());
  }

  static List<String> values(PartitionData data) {
    List<String> values = new ArrayList<>();
    for (RecordBatch batch : Answers.batches(Answers.read(data.records()))) {
      for (Record record : batch) {
        values.add(Answers.value(record));
      }
    }
    return values;
  }
}
