package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millrace.compat.client.KafkaClients;
import io.millrace.compat.client.Message;
import io.millrace.compat.client.Operator;
import io.millrace.compat.client.Receiver;
import io.millrace.model.TopicPartition;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Child;
import io.millrace.testkit.Folders;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Opening a folder that Apache Kafka 4.3.1 wrote ({@link KafkaFolderMaker}): every codec, a
 * compacted partition with gaps, transactions, committed offsets.
 */
@Tag("it")
class ImportTest {
  private final KafkaClients java = ClientVersion.V4_4_0.clients();

  @BeforeAll
  static void onlyMillraceImports() {
    assumeFalse(BrokerProcess.isKafka(), "Kafka does not import");
  }

  /** The i-th record of a partition of the topic {@code codecs}. */
  static ProducerRecord<String, String> inCodecs(int partition, int i) {
    ProducerRecord<String, String> made =
        new ProducerRecord<>(
            "codecs",
            partition,
            KafkaFolderMaker.timestampMs(i),
            i % 3 == 0 ? null : "key-" + i % 10,
            i % 7 == 6 ? null : "partition " + partition + " value " + i);
    if (i % 4 == 0) {
      made.headers().add("n", KafkaFolderMaker.bytes("" + i));
    }
    return made;
  }

  @Test
  void readsBackRecordForRecord() {
    try (BrokerProcess broker = imported("imported")) {
      for (int p = 0; p < 5; p++) {
        TopicPartition partition = new TopicPartition("codecs", p);
        assertThat(Samples.read(java, broker.bootstrap(), partition, 400)).isEqualTo(codecs(p));
      }
    }
  }

  @Test
  void readsCompactedAndTransactionalPartitionsRight() {
    try (BrokerProcess broker = imported("imported-gaps");
        Receiver receiver =
            java.receiver(
                Map.of(
                    "bootstrap.servers",
                    broker.bootstrap(),
                    "isolation.level",
                    "read_committed"))) {
      List<Message> compacted =
          Samples.read(java, broker.bootstrap(), new TopicPartition("compacted", 0), 21);
      assertThat(compacted.subList(0, 20).stream().map(m -> m.offset() + " " + m.value()))
          .isEqualTo(IntStream.range(480, 500).mapToObj(i -> i + " value " + i).toList());

      receiver.assign(new TopicPartition("transactions", 0));
      receiver.seekToBeginning();
      List<Message> committed = Samples.poll(receiver, 15);
      assertThat(committed.stream().map(Message::key))
          .isEqualTo(Stream.of("tx-0", "tx-2", "tx-4").flatMap(k -> five(k)).toList());
    }
  }

  private static Stream<String> five(String key) {
    return Stream.generate(() -> key).limit(5);
  }

  @Test
  void takesOverCommittedOffsetsAndGoesOnWriting() {
    TopicPartition partition = new TopicPartition("codecs", 2);
    List<Message> more = Samples.varied("codecs", 50);
    try (BrokerProcess broker = imported("imported-written")) {
      try (Operator operator = java.operator(broker.bootstrap())) {
        assertThat(operator.offsets("readers")).containsEntry(partition, 102L).hasSize(5);
      }
      Samples.send(java, broker.bootstrap(), more, Map.of("compression.type", "lz4"));
      broker.stop();
      broker.start();

      List<Message> read =
          Samples.read(java, broker.bootstrap(), new TopicPartition("codecs", 0), 450);
      assertThat(read.subList(0, 400)).isEqualTo(codecs(0));
      assertThat(Samples.unplaced(read.subList(400, 450))).isEqualTo(Samples.unplaced(more));
    }
  }

  @Test
  void refusesFolderOfKafkaWithoutTheFlagAndSaysHow() {
    Path home = unpacked("not-imported");
    assertThatThrownBy(() -> BrokerProcess.start(home, Map.of())).hasMessageContaining("--import");
  }

  private static BrokerProcess imported(String name) {
    return BrokerProcess.start(unpacked(name), Map.of(), "--import");
  }

  private static Path unpacked(String name) {
    Path home = Folders.empty(name);
    Path archive = Path.of("src/test/resources/kafka-4.3.1-folder.tar.gz").toAbsolutePath();
    Child.run(List.of("tar", "-C", home.toString(), "-xzf", archive.toString()));
    return home;
  }

  private static List<Message> codecs(int partition) {
    return IntStream.range(0, 400)
        .mapToObj(
            i -> {
              ProducerRecord<String, String> made = inCodecs(partition, i);
              return new Message(
                  "codecs",
                  partition,
                  i,
                  made.timestamp(),
                  made.key(),
                  made.value(),
                  i % 4 == 0 ? Map.of("n", "" + i) : Map.of());
            })
        .toList();
  }
}
