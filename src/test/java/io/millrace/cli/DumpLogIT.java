package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.OriginalTools;
import io.millrace.testkit.Typed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a broker wrote, printed by our kafka-dump-log and by Kafka's: the same, each line. */
@Tag("it")
class DumpLogIT {
  private static final OriginalTools KAFKA = OriginalTools.in("kafka-tools-4.4.0");
  private static final Map<String, String> SMALL =
      Map.of("segment.bytes", "1048576", "index.interval.bytes", "1024");

  private static Path data;

  @BeforeAll
  static void fill() throws Exception {
    Map<String, String> eager =
        Map.of("log.cleaner.backoff.ms", "200", "log.initial.task.delay.ms", "100");
    try (BrokerProcess broker = BrokerProcess.start(Folders.empty("dump-log-tools"), eager);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      data = broker.data();
      for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
        create(admin, codec, SMALL);
        send(broker, codec, codec, 2000);
      }
      create(
          admin,
          "compacted",
          Map.of(
              "cleanup.policy",
              "compact",
              "min.cleanable.dirty.ratio",
              "0.01",
              "segment.bytes",
              "1048576"));
      send(broker, "compacted", "none", 6000);
      Path log = data.resolve("compacted-0/00000000000000000000.log");
      await("the first segment to have gaps")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> Files.size(log) < 1 << 19);
      admin
          .alterConsumerGroupOffsets(
              "readers", Map.of(new TopicPartition("none", 0), new OffsetAndMetadata(7)))
          .all()
          .get();
      broker.stop();
    }
  }

  private static void create(Admin admin, String name, Map<String, String> settings)
      throws Exception {
    admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(settings))).all().get();
  }

  private static void send(BrokerProcess broker, String topic, String codec, int count) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            broker.bootstrap(),
            "compression.type",
            codec,
            "batch.size",
            8000,
            "linger.ms",
            5);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      String filler = " lorem ipsum".repeat(50);
      for (int i = 0; i < count; i++) {
        ProducerRecord<String, String> record =
            new ProducerRecord<>(topic, 0, "key-" + i % 50, i + filler);
        record.headers().add("trace", new byte[] {1});
        producer.send(record);
      }
    }
  }

  private static String files(String folder) {
    String suffixes = ".*\\.(log|index|timeindex|snapshot|txnindex)";
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(file -> file.getParent().getFileName().toString().matches(folder))
          .map(Path::toString)
          .filter(file -> file.matches(suffixes))
          .sorted()
          .collect(Collectors.joining(","));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(none|gzip|snappy|lz4|zstd)-0",
        "(none|gzip|snappy|lz4|zstd)-0 --deep-iteration",
        "gzip-0 --print-data-log",
        "none-0 --print-data-log --skip-record-metadata",
        "none-0 --max-bytes 20000 --key-decoder-class",
        "compacted-0 --deep-iteration",
        "(none|compacted)-0 --index-sanity-check",
        "(none|compacted)-0 --verify-index-only",
        "__consumer_offsets-\\d+ --offsets-decoder"
      })
  void printsTheSameLinesAsKafkas(String typed) {
    String[] words = typed.split(" ");
    words[0] = files(words[0]);
    String[] arguments =
        Stream.concat(Stream.of("--files"), Stream.of(words)).toArray(String[]::new);

    Typed.Printed ours = Typed.inPipe().kafka("kafka-dump-log", arguments);
    Typed.Printed kafkas = KAFKA.run("DumpLogSegments", arguments);

    assertThat(ours.lines()).hasSizeGreaterThan(1).isEqualTo(kafkas.lines());
    assertThat(ours.errorLines()).containsExactlyInAnyOrderElementsOf(kafkas.errorLines());
    assertThat(ours.exitCode()).isZero();
  }
}
