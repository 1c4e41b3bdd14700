package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.model.TopicPartition;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Child;
import io.millrace.testkit.Folders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Makes the folder that {@link ImportTest} opens, with a real Kafka: {@code mvn test -Dgroups=it
 * -DexcludedGroups= -Dtest=KafkaFolderMaker -Dit.peer=FOLDER -Dit.make.folder=true}, FOLDER being a
 * Kafka peer harness. Run by hand when the fixture is to hold something new.
 */
@Tag("it")
@EnabledIfSystemProperty(named = "it.make.folder", matches = "true")
class KafkaFolderMaker {
  private static final long BEGIN_MS = 1_700_000_000_000L;

  @Test
  void makesFolderOfRealKafka() throws Exception {
    assertThat(BrokerProcess.isKafka()).isTrue();
    Path home = Folders.empty("kafka-folder");
    Map<String, String> settings =
        Map.of("log.cleaner.backoff.ms", "200", "log.initial.task.delay.ms", "100");
    try (BrokerProcess kafka = BrokerProcess.start(home, settings)) {
      writeCodecs(kafka);
      writeCompacted(kafka);
      writeTransactions(kafka);
      commitOffsets(kafka);
    }
    // What a stopped Kafka leaves; its own metadata log too, as in a folder that a user brings.
    Path archive = Path.of("src/test/resources/kafka-4.3.1-folder.tar.gz").toAbsolutePath();
    Child.run(List.of("tar", "-C", home.toString(), "-czf", archive.toString(), "data"));
    assertThat(Files.size(archive)).isLessThan(200_000);
  }

  private static void writeCodecs(BrokerProcess kafka) throws Exception {
    createTopic(kafka, "codecs", 5, Map.of());
    List<String> codecs = List.of("none", "gzip", "snappy", "lz4", "zstd");
    for (int partition = 0; partition < codecs.size(); partition++) {
      Map<String, Object> settings =
          Map.of("compression.type", codecs.get(partition), "linger.ms", 50, "batch.size", 4000);
      try (KafkaProducer<String, String> producer = producer(kafka, settings)) {
        for (int i = 0; i < 400; i++) {
          producer.send(ImportTest.inCodecs(partition, i));
        }
      }
    }
  }

  private static void writeCompacted(BrokerProcess kafka) throws Exception {
    createTopic(
        kafka,
        "compacted",
        1,
        Map.of(
            "cleanup.policy",
            "compact",
            "min.cleanable.dirty.ratio",
            "0.01",
            "segment.ms",
            "1000"));
    try (KafkaProducer<String, String> producer = producer(kafka, Map.of())) {
      for (int i = 0; i < 500; i++) {
        producer.send(new ProducerRecord<>("compacted", 0, "key-" + i % 20, "value " + i));
      }
      producer.flush();
      // Each round rolls the segment, so that the cleaner may take what is before.
      TopicPartition partition = new TopicPartition("compacted", 0);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofSeconds(2))
          .until(
              () -> {
                producer.send(new ProducerRecord<>("compacted", 0, "last", "round")).get();
                return SegmentFiles.of(kafka.data(), partition).ranges().get(0)[1] >= 480
                    && SegmentFiles.of(kafka.data(), partition).segments().size() > 1
                    && recordsBelow(kafka, partition, 500) == 20;
              });
    }
  }

  private static long recordsBelow(BrokerProcess kafka, TopicPartition partition, long offset) {
    long[] count = new long[1];
    SegmentFiles.of(kafka.data(), partition)
        .forEachBatch(
            batch -> batch.forEach(record -> count[0] += record.offset() < offset ? 1 : 0));
    return count[0];
  }

  private static void writeTransactions(BrokerProcess kafka) throws Exception {
    createTopic(kafka, "transactions", 1, Map.of());
    try (KafkaProducer<String, String> producer =
        producer(kafka, Map.of("transactional.id", "tx"))) {
      producer.initTransactions();
      for (int tx = 0; tx < 6; tx++) {
        producer.beginTransaction();
        for (int i = 0; i < 5; i++) {
          producer.send(new ProducerRecord<>("transactions", 0, "tx-" + tx, "value " + i));
        }
        if (tx % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.flush();
          producer.abortTransaction();
        }
      }
    }
  }

  private static void commitOffsets(BrokerProcess kafka) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrap(), "group.id", "readers"),
            new StringDeserializer(),
            new StringDeserializer())) {
      IntStream.range(0, 5)
          .forEach(
              p ->
                  consumer.commitSync(
                      Map.of(
                          new org.apache.kafka.common.TopicPartition("codecs", p),
                          new OffsetAndMetadata(100 + p, "from Kafka"))));
    }
  }

  private static void createTopic(
      BrokerProcess kafka, String topic, int partitions, Map<String, String> settings)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
          .all()
          .get();
    }
  }

  private static KafkaProducer<String, String> producer(
      BrokerProcess kafka, Map<String, Object> more) {
    Map<String, Object> settings = new java.util.HashMap<>(more);
    settings.put("bootstrap.servers", kafka.bootstrap());
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  /** A header's value. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Time of the i-th record. */
  static long timestampMs(int i) {
    return BEGIN_MS + i * 1000L;
  }
}
