package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker alone, one of whose log folders is lost: what it tells clients of the others. */
@Tag("it")
class LostFolderIT {
  private static final int PARTITIONS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;

  @Test
  void partitionsInALostFolderHaveNoLeaderUntilItIsBack() throws Exception {
    Path lost = home.resolve("two");
    String dirs = home.resolve("one") + "," + lost;
    try (BrokerProcess broker = BrokerProcess.start(home, Map.of("log.dirs", dirs))) {
      try (Admin admin = adminOf(broker)) {
        admin.createTopics(List.of(new NewTopic("orders", PARTITIONS, (short) 1))).all().get();
      }
      send(broker, "before", PARTITIONS);
      broker.stop();
      Set<Integer> inLost = partitionsIn(lost);
      Path away = Files.move(lost, home.resolve("away"));
      Files.createFile(lost);

      broker.start();
      try (Admin admin = adminOf(broker)) {
        await().atMost(PATIENCE).until(() -> leaderless(admin).equals(inLost));
      }
      assertThat(send(broker, "meanwhile", 100)).doesNotContainAnyElementsOf(inLost);

      broker.stop();
      Files.delete(lost);
      Files.move(away, lost);
      broker.start();
      try (Admin admin = adminOf(broker)) {
        await().atMost(PATIENCE).until(() -> leaderless(admin).isEmpty());
      }
    }
  }

  private static Admin adminOf(BrokerProcess broker) {
    return Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrap()));
  }

  private static Set<Integer> leaderless(Admin admin) throws Exception {
    return admin
        .describeTopics(List.of("orders"))
        .allTopicNames()
        .get(30, TimeUnit.SECONDS)
        .get("orders")
        .partitions()
        .stream()
        .filter(each -> each.leader() == null || each.leader().id() == Node.noNode().id())
        .map(TopicPartitionInfo::partition)
        .collect(Collectors.toSet());
  }

  /** Sends records without keys, as the client spreads them; returns the partitions they are in. */
  private static Set<Integer> send(BrokerProcess broker, String value, int count) {
    Map<String, Object> options =
        Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", "0", "batch.size", "0");
    try (var producer =
        new KafkaProducer<>(options, new StringSerializer(), new StringSerializer())) {
      return IntStream.range(0, count)
          .mapToObj(i -> partitionOf(producer, value + "-" + i))
          .collect(Collectors.toSet());
    }
  }

  private static int partitionOf(KafkaProducer<String, String> producer, String value) {
    try {
      return producer
          .send(new ProducerRecord<>("orders", value))
          .get(30, TimeUnit.SECONDS)
          .partition();
    } catch (Exception e) {
      throw new AssertionError(value, e);
    }
  }

  private static Set<Integer> partitionsIn(Path folder) throws IOException {
    try (Stream<Path> content = Files.list(folder)) {
      Set<Integer> partitions =
          content
              .map(each -> each.getFileName().toString())
              .filter(name -> name.startsWith("orders-"))
              .map(name -> Integer.parseInt(name.substring("orders-".length())))
              .collect(Collectors.toSet());
      assertThat(partitions).hasSizeBetween(1, PARTITIONS - 1);
      return partitions;
    }
  }
}
