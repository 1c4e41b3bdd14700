package io.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker process that is stopped, frozen, starved of heap, or killed with much on its disk. */
@Tag("it")
class LifeOfProcessTest {
  private static final String TOPIC = "life";

  @Test
  void stopsCleanlyUnderLoadInLessThanTwoSeconds() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(Folders.empty("stopped"))) {
      createTopic(broker, 20, Map.of());
      LoadProducer load = LoadProducer.idempotent("a", broker.bootstrap(), TOPIC, 20);
      try (CommittingReader reader = new CommittingReader(broker.bootstrap(), "g", TOPIC)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> load.acknowledgements() > 2000);
        await().atMost(Duration.ofSeconds(30)).until(() -> !reader.acknowledged().isEmpty());

        String memberBefore = memberOf(broker, "g");

        Duration took = broker.stop();

        assertThat(took).isLessThan(Duration.ofSeconds(BrokerProcess.isKafka() ? 20 : 2));
        broker.start();
        assertThat(memberOf(broker, "g"))
            .as("the member, back after the start")
            .isEqualTo(memberBefore);
        int before = load.acknowledgements();
        await().atMost(Duration.ofSeconds(30)).until(() -> load.acknowledgements() > before + 500);
      }
      load.close();
      assertThat(load.failures()).isZero();
      checkLogs(broker, load, 20);
    }
  }

  @Test
  void goesOnAfterItWasFrozen() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(Folders.empty("frozen"))) {
      createTopic(broker, 4, Map.of());
      LoadProducer load = LoadProducer.idempotent("a", broker.bootstrap(), TOPIC, 4);
      try (CommittingReader reader = new CommittingReader(broker.bootstrap(), "g", TOPIC)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> !reader.acknowledged().isEmpty());
        String memberBefore = memberOf(broker, "g");

        broker.signal("STOP");
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        broker.signal("CONT");

        int before = load.acknowledgements();
        await().atMost(Duration.ofSeconds(30)).until(() -> load.acknowledgements() > before + 500);
        assertThat(memberOf(broker, "g")).isEqualTo(memberBefore);
      }
      load.close();
      assertThat(load.failures()).isZero();
      checkLogs(broker, load, 4);
    }
  }

  @Test
  void startsQuicklyAfterCrashWithManySegments() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(Folders.empty("many-segments"))) {
      createTopic(broker, 8, Map.of("segment.bytes", "1048576"));
      writeMegabytes(broker, 8, 160);
      broker.kill();

      long begin = System.nanoTime();
      broker.start();
      Duration took = Duration.ofNanos(System.nanoTime() - begin);

      System.out.println("start after a crash with 160 segments: " + took.toMillis() + " ms");
      assertThat(took).isLessThan(Duration.ofSeconds(BrokerProcess.isKafka() ? 30 : 6));
      assertThat(LogChecker.readAll(broker.bootstrap(), new TopicPartition(TOPIC, 3)))
          .hasSize(20 * 64);
    }
  }

  @Test
  void servesWithHeapOf64Megabytes() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeFalse(
        BrokerProcess.isKafka(), "Kafka does not start with so little");
    try (BrokerProcess broker =
        BrokerProcess.startWithHeap("64m", Folders.empty("small-heap"), Map.of())) {
      createTopic(broker, 6, Map.of());
      writeMegabytes(broker, 6, 96);
      for (int p = 0; p < 6; p++) {
        assertThat(LogChecker.readAll(broker.bootstrap(), new TopicPartition(TOPIC, p)))
            .hasSize(16 * 64);
      }
    }
  }

  private static void createTopic(BrokerProcess broker, int partitions, Map<String, String> configs)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1).configs(configs)))
          .all()
          .get();
    }
  }

  private static String memberOf(BrokerProcess broker, String group) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      return admin
          .describeConsumerGroups(List.of(group))
          .all()
          .get()
          .get(group)
          .members()
          .iterator()
          .next()
          .consumerId();
    }
  }

  /** Writes records of 16 KB, spread evenly over the partitions. */
  private static void writeMegabytes(BrokerProcess broker, int partitions, int megabytes) {
    byte[] value = new byte[16 * 1024];
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap(), "batch.size", 200_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < megabytes * 64; i++) {
        producer.send(new ProducerRecord<>(TOPIC, i % partitions, null, value));
      }
    }
  }

  private static void checkLogs(BrokerProcess broker, LoadProducer load, int partitions) {
    for (int p = 0; p < partitions; p++) {
      TopicPartition partition = new TopicPartition(TOPIC, p);
      List<ConsumerRecord<String, String>> log = LogChecker.readAll(broker.bootstrap(), partition);
      LogChecker.offsetsAreContinuous(log);
      LogChecker.acknowledgedIsThere(log, load.acknowledged(partition));
      LogChecker.isPrefixOfWhatWasSent(log, load, partitions);
    }
  }
}
