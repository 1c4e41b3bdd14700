package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.sim.Requests;
import io.millrace.sim.SimBroker;
import io.millrace.storage.log.SimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataWaitTest {
  private final SimScheduler sim = new SimScheduler(7);
  private final EventLoop reader = sim.process("reader").loop("reader");
  private final List<String> woken = new ArrayList<>();
  private SimBroker broker;
  private Partition first;
  private Partition second;

  @BeforeEach
  void startBroker() {
    broker =
        SimBroker.launch(
            new SimBroker.Start(
                sim, new SimDisk(7), SimBroker.FOLDER, "boot", BrokerConfig.of(Map.of())),
            "broker");
    sim.await(broker.ready(), 60_000);
    sim.await(broker.call(1, ApiKeys.CREATE_TOPICS, 7, Requests.createTopic("t", 2)), 60_000);
    first = broker.partitions().get("t", 0);
    second = broker.partitions().get("t", 1);
  }

  private void produce(int partition) {
    Requests.Sent record = new Requests.Sent(null, "v", 1);
    sim.await(
        broker.call(
            1,
            ApiKeys.PRODUCE,
            12,
            Requests.produce(
                "t",
                partition,
                -1,
                Requests.batch(Requests.Origin.NONE, Compression.NONE, List.of(record)))),
        60_000);
  }

  private void await(long seenInFirst, long seenInSecond, Registration[] wait) {
    reader.execute(
        () ->
            wait[0] =
                DataWait.begin(
                    reader,
                    ReadLimit.HIGH_WATERMARK,
                    List.of(
                        new DataWait.Place(first, seenInFirst),
                        new DataWait.Place(second, seenInSecond)),
                    () -> woken.add("woken")));
    sim.runFor(10);
  }

  @Test
  void wakesOnceWhateverComesInAnyOfItsPartitions() {
    await(0, 0, new Registration[1]);
    assertThat(woken).isEmpty();

    produce(1);
    produce(0);
    sim.runFor(10);

    assertThat(woken).containsExactly("woken");
  }

  @Test
  void wakesAtOnceWhenDataCameBetweenTheReadAndTheWait() {
    produce(0);

    await(0, 0, new Registration[1]);

    assertThat(woken).containsExactly("woken");
  }

  @Test
  void isNotWokenAfterItGaveUp() {
    Registration[] wait = new Registration[1];
    await(0, 0, wait);

    reader.execute(wait[0]::cancel);
    sim.runFor(10);
    produce(0);
    sim.runFor(10);

    assertThat(woken).isEmpty();
  }

  @Test
  void isWokenWhenAPartitionOfItGoes() {
    await(0, 0, new Registration[1]);

    sim.await(broker.deleteTopic("t"), 60_000);
    sim.runFor(10);

    assertThat(woken).containsExactly("woken");
  }
}
