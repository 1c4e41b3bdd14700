package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.compat.client.KafkaClients;
import io.millrace.compat.client.Message;
import io.millrace.model.TopicPartition;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Child;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that are neither Java nor librdkafka, with code of their own for every message: kafkajs
 * and {@literal @}platformatic/kafka of Node, kafka-python. Each scenario is a process.
 */
@Tag("it")
@ParameterizedClass
@EnumSource
class ScriptedClientTest {
  private final BrokerProcess broker = SharedBroker.get();
  private final KafkaClients java = ClientVersion.V4_4_0.clients();
  private final ScriptedClient client;

  ScriptedClientTest(ScriptedClient client) {
    this.client = client;
  }

  @BeforeEach
  void needsIt() {
    assumeTrue(client.isInstalled(), "what it needs is not installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4"})
  void storesWithCodecWhatJavaReadsAndReadsItBack(String codec) {
    TopicPartition partition =
        new TopicPartition(SharedBroker.unique(client.prefix() + "-" + codec), 0);
    JsonObject topics = run("create", args(partition).put("partitions", 1)).get(0);
    assertThat(topics.getJsonArray("topics")).contains(partition.topic());
    List<Message> expected =
        Samples.varied(partition.topic(), 100).stream().map(client::sends).toList();

    run("produce", producing(partition, codec, 100).put("batches", 4));

    assertThat(SegmentFiles.of(broker.data(), partition).codecs()).containsExactly(codec);
    List<Message> readByJava = Samples.read(java, broker.bootstrap(), partition, 100);
    assertThat(Samples.unplaced(readByJava)).isEqualTo(Samples.unplaced(expected));
    List<JsonObject> readByIt =
        run("consume", args(partition).put("group", partition.topic()).put("count", 100));
    assertThat(readByIt.stream().map(line -> message(partition, line)))
        .isEqualTo(Samples.unplaced(expected));
  }

  @Test
  void readsWhatJavaWroteAndResumesAtItsCommit() {
    TopicPartition partition =
        Samples.topic(java, broker.bootstrap(), client.prefix() + "-resumed", Map.of());
    List<Message> sent = Samples.varied(partition.topic(), 80);
    Samples.send(java, broker.bootstrap(), sent, Map.of("compression.type", "gzip"));
    JsonObject consuming = args(partition).put("group", partition.topic()).put("count", 30);

    List<JsonObject> first = run("consume", consuming);
    List<JsonObject> second = run("consume", consuming.put("count", 50));

    assertThat(Stream.concat(first.stream(), second.stream()).map(line -> message(partition, line)))
        .isEqualTo(Samples.unplaced(sent));
    assertThat(second.get(0).getInteger("offset")).isEqualTo(30);
  }

  @Test
  void findsOffsetByTimestamp() {
    TopicPartition partition =
        Samples.topic(java, broker.bootstrap(), client.prefix() + "-times", Map.of());
    long begin = System.currentTimeMillis() - 100_000;
    List<Message> sent =
        Stream.iterate(0, i -> i < 20, i -> i + 1)
            .map(i -> Message.to(partition.topic(), 0, null, "v" + i).at(begin + i * 1000L))
            .toList();
    Samples.send(java, broker.bootstrap(), sent, Map.of());

    List<JsonObject> found = run("offsetAt", args(partition).put("timestamp", begin + 6_500));

    assertThat(found.get(0).getInteger("offset")).isEqualTo(7);
  }

  @Test
  void idempotentProducerWritesOnceThoughAnswersAreLost() {
    assumeTrue(client.isIdempotent(), "its producer is never idempotent");
    TopicPartition partition =
        Samples.topic(java, broker.bootstrap(), client.prefix() + "-cut", Map.of());
    String clientId = SharedBroker.unique(client.prefix());
    JsonObject producing =
        producing(partition, "none", 1000)
            .put("batches", 250)
            .put("idempotent", true)
            .put("clientId", clientId);
    int cutsBefore = broker.proxy().cuts();

    try (Child child = start(broker.proxied(), "produce", producing)) {
      for (int cut = 1; cut <= 3; cut++) {
        int after = cut * 30;
        // Looked at often: some clients send all in half a second.
        await()
            .atMost(Duration.ofSeconds(20))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> child.lines().size() > after);
        broker.proxy().loseNextAnswer(clientId);
      }
      child.awaitSuccess(60);
    }

    assertThat(broker.proxy().cuts() - cutsBefore).isGreaterThanOrEqualTo(2);
    List<Message> read = Samples.read(java, broker.bootstrap(), partition, 1000);
    assertThat(Samples.unplaced(read))
        .isEqualTo(Samples.unplaced(Samples.varied(partition.topic(), 1000)));
  }

  @Test
  void sharesPartitionsAsMembersJoinLeaveAndDie() {
    TopicPartition partition =
        new TopicPartition(SharedBroker.unique(client.prefix() + "-group"), 0);
    run("create", args(partition).put("partitions", 6));
    JsonObject joining = args(partition).put("group", partition.topic());
    try (Child first = start(broker.bootstrap(), "member", joining)) {
      awaitShares(first);
      try (Child second = start(broker.bootstrap(), "member", joining);
          Child third = start(broker.bootstrap(), "member", joining)) {
        awaitShares(first, second, third);
        second.terminate();
        awaitShares(first, third);
      } // the third is killed here
      awaitShares(first);
      first.terminate();
    }
  }

  private static void awaitShares(Child... members) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              Set<Object> all = new HashSet<>();
              for (Child member : members) {
                JsonArray share = lastShare(member);
                assertThat(share).hasSize(6 / members.length);
                share.forEach(all::add);
              }
              assertThat(all).hasSize(6);
            });
  }

  private static JsonArray lastShare(Child member) {
    List<String> lines = member.lines();
    assertThat(lines).isNotEmpty();
    return new JsonObject(lines.get(lines.size() - 1)).getJsonArray("assigned");
  }

  private static JsonObject args(TopicPartition partition) {
    return new JsonObject().put("topic", partition.topic());
  }

  private static JsonObject producing(TopicPartition partition, String codec, int count) {
    return args(partition).put("codec", codec).put("count", count).put("idempotent", false);
  }

  private List<JsonObject> run(String scenario, JsonObject args) {
    try (Child child = start(broker.bootstrap(), scenario, args)) {
      return child.awaitSuccess(60).stream().map(JsonObject::new).toList();
    }
  }

  private Child start(String bootstrap, String scenario, JsonObject args) {
    return client.start(List.of(scenario, bootstrap, args.encode()));
  }

  private static Message message(TopicPartition partition, JsonObject line) {
    Map<String, String> headers = new HashMap<>();
    line.getJsonObject("headers").forEach(e -> headers.put(e.getKey(), (String) e.getValue()));
    return Message.to(partition.topic(), -1, line.getString("key"), line.getString("value"))
        .with(headers);
  }
}
