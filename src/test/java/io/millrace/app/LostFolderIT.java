package io.millrace.app;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
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
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker alone, one of whose log folders is lost: what it tells clients of the others. */
@Tag("it")
class LostFolderIT {
  private static final int PARTITIONS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;
  private final int httpPort = BrokerProcess.freePort();

  @Test
  void partitionsInALostFolderHaveNoLeaderUntilItIsBack() throws Exception {
    Path lost = home.resolve("two");
    Map<String, String> settings =
        Map.of(
            "log.dirs", home.resolve("one") + "," + lost, "http.port", Integer.toString(httpPort));
    try (BrokerProcess broker = BrokerProcess.start(home, settings)) {
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
      await().atMost(PATIENCE).ignoreExceptions().until(() -> !subscribe(one -> true).isEmpty());
      assertThat(subscribe(one -> true))
          .contains("\"code\":\"LEADER_NOT_AVAILABLE\"", "\"retry\":true", "has no leader");
      assertThat(subscribe(one -> !inLost.contains(one))).contains("\"op\":\"ok\"");

      broker.stop();
      Files.delete(lost);
      Files.move(away, lost);
      broker.start();
      try (Admin admin = adminOf(broker)) {
        await().atMost(PATIENCE).until(() -> leaderless(admin).isEmpty());
      }
    }
  }

  /** Started again by itself it would begin as a new broker, which the unit of systemd prevents. */
  @Test
  void brokerEndsWithACodeOfItsOwnWhenItsOnlyFolderIsTakenAway() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(home)) {
      Files.move(broker.data(), home.resolve("away"));

      await().atMost(PATIENCE).until(() -> !broker.isAlive());

      assertThat(broker.exitCode()).isEqualTo(78);
      assertThat(Files.readAllLines(broker.console()))
          .last(as(InstanceOfAssertFactories.STRING))
          .contains("this broker ends", broker.data().toString(), "Mount the disk");
    }
  }

  private static Admin adminOf(BrokerProcess broker) {
    return Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrap()));
  }

  /** What a page that wants to read these partitions is answered. */
  private String subscribe(IntPredicate wanted) throws Exception {
    JsonObject request =
        new JsonObject()
            .put("op", "sub")
            .put("id", 1)
            .put("topics", List.of("orders"))
            .put("partitions", IntStream.range(0, PARTITIONS).filter(wanted).boxed().toList());
    CompletableFuture<String> answer = new CompletableFuture<>();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols("millrace.v1.json")
            .buildAsync(URI.create("ws://127.0.0.1:" + httpPort + "/ws/v1"), new Heard(answer))
            .get(30, TimeUnit.SECONDS);
    try {
      socket.sendText(request.encode(), true);
      return answer.get(30, TimeUnit.SECONDS);
    } finally {
      socket.abort();
    }
  }

  /** Takes the first answer that names the request. */
  private record Heard(CompletableFuture<String> answer) implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      if (text.toString().contains("\"id\":1")) {
        answer.complete(text.toString());
      }
      socket.request(1);
      return null;
    }
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
