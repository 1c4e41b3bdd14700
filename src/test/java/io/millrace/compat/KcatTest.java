package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.compat.client.KafkaClients;
import io.millrace.compat.client.Message;
import io.millrace.compat.client.Operator;
import io.millrace.model.TopicPartition;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Child;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat, and with it librdkafka, on which the C, C++, Python, Go and .NET clients stand. */
@Tag("it")
class KcatTest {

  /** Lets a batch of one record shrink too: librdkafka sends uncompressed what does not. */
  private static final String LONG = " abc".repeat(50);

  private final BrokerProcess broker = SharedBroker.get();
  private final KafkaClients java = ClientVersion.V4_4_0.clients();

  @BeforeAll
  static void needsKcat() {
    assumeTrue(Child.exists("kcat"), "kcat is not installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void createsTopicAndStoresWithCodec(String codec) {
    TopicPartition partition = new TopicPartition(SharedBroker.unique("kcat-" + codec), 0);
    String lines =
        IntStream.range(0, 200)
            .mapToObj(i -> "key-" + i % 5 + ":" + (i % 6 == 5 ? "" : "value " + i + LONG) + "\n")
            .collect(Collectors.joining());

    // -Z: an empty value is a tombstone.
    kcat(
        lines,
        "-P",
        "-t",
        partition.topic(),
        "-p",
        "0",
        "-K:",
        "-Z",
        "-z",
        codec,
        "-H",
        "h=1",
        "-X",
        "linger.ms=200");

    List<Message> read = Samples.read(java, broker.bootstrap(), partition, 200);
    assertThat(Samples.unplaced(read))
        .isEqualTo(
            IntStream.range(0, 200)
                .mapToObj(
                    i ->
                        Message.to(
                                partition.topic(),
                                -1,
                                "key-" + i % 5,
                                i % 6 == 5 ? null : "value " + i + LONG)
                            .with(Map.of("h", "1")))
                .toList());
    assertThat(SegmentFiles.of(broker.data(), partition).codecs()).containsExactly(codec);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void readsWhatJavaStoredWithCodec(String codec) {
    TopicPartition partition = Samples.topic(java, broker.bootstrap(), "to-kcat", Map.of());
    List<Message> sent = Samples.varied(partition.topic(), 100);
    Samples.send(java, broker.bootstrap(), sent, Map.of("compression.type", codec));

    // %K and %S: sizes, -1 for null.
    List<String> read =
        kcat("", "-C", "-t", partition.topic(), "-p", "0", "-e", "-q", "-f", "%o|%K|%k|%S|%s\\n");

    assertThat(read)
        .isEqualTo(
            IntStream.range(0, 100)
                .mapToObj(
                    i -> i + "|" + sized(sent.get(i).key()) + "|" + sized(sent.get(i).value()))
                .toList());
  }

  private static String sized(String text) {
    return text == null ? "-1|" : text.length() + "|" + text;
  }

  @Test
  void findsOffsetByTimestamp() {
    TopicPartition partition = Samples.topic(java, broker.bootstrap(), "kcat-times", Map.of());
    long begin = System.currentTimeMillis() - 100_000;
    List<Message> sent =
        IntStream.range(0, 20)
            .mapToObj(i -> Message.to(partition.topic(), 0, null, "v").at(begin + i * 1000L))
            .toList();
    Samples.send(java, broker.bootstrap(), sent, Map.of());

    List<String> found = kcat("", "-Q", "-t", partition.topic() + ":0:" + (begin + 6_500));

    assertThat(found).containsExactly(partition.topic() + " [0] offset 7");
  }

  @Test
  void idempotentProducerWritesOnceThoughAnswersAreLost() {
    TopicPartition partition = Samples.topic(java, broker.bootstrap(), "kcat-cut", Map.of());
    String clientId = SharedBroker.unique("kcat");
    int cutsBefore = broker.proxy().cuts();
    List<String> expected = new ArrayList<>();
    try (Child child =
        Child.start(
            command(
                twice(broker.proxied()),
                "-X",
                "broker.address.family=v4",
                "-P",
                // A lost connection is not the end, also while it is the only one.
                "-E",
                "-t",
                partition.topic(),
                "-p",
                "0",
                "-X",
                "client.id=" + clientId,
                "-X",
                "enable.idempotence=true",
                "-X",
                "linger.ms=1",
                "-X",
                "reconnect.backoff.ms=10",
                "-X",
                "retry.backoff.ms=10"))) {
      for (int round = 0; round < 4; round++) {
        int from = round * 300;
        for (int i = from; i < from + 300; i++) {
          child.type("v" + i + "\n");
          expected.add("v" + i);
        }
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> SegmentFiles.of(broker.data(), partition).ranges().size() > 0);
        broker.proxy().loseNextAnswer(clientId);
      }
      child.type("last\n");
      expected.add("last");
      child.endInput();
      child.awaitSuccess(60);
    }

    assertThat(broker.proxy().cuts() - cutsBefore).isPositive();
    List<Message> read = Samples.read(java, broker.bootstrap(), partition, expected.size());
    assertThat(read.stream().map(Message::value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"range", "roundrobin", "cooperative-sticky"})
  void sharesPartitionsAsMembersJoinLeaveAndDie(String assignor) {
    String topic = SharedBroker.unique("kcat-" + assignor);
    try (Operator operator = java.operator(broker.bootstrap())) {
      operator.createTopic(topic, 6, Map.of());
      try (Child first = member(topic, assignor, "first")) {
        awaitShares(operator, topic, "first");
        try (Child second = member(topic, assignor, "second");
            Child third = member(topic, assignor, "third")) {
          awaitShares(operator, topic, "first", "second", "third");
          second.terminate();
          awaitShares(operator, topic, "first", "third");
        } // the third is killed here
        awaitShares(operator, topic, "first");
        first.terminate();
      }
    }
  }

  private Child member(String topic, String assignor, String clientId) {
    return Child.start(
        command(
            broker.bootstrap(),
            "-G",
            topic,
            topic,
            "-X",
            "client.id=" + clientId,
            "-X",
            "partition.assignment.strategy=" + assignor,
            "-X",
            "session.timeout.ms=2000",
            "-X",
            "heartbeat.interval.ms=300"));
  }

  private static void awaitShares(Operator operator, String group, String... clientIds) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              Map<String, Set<TopicPartition>> members = operator.members(group);
              assertThat(members.keySet()).isEqualTo(Set.of(clientIds));
              Set<TopicPartition> all = new HashSet<>();
              members.values().forEach(all::addAll);
              assertThat(all).hasSize(6);
              assertThat(members.values())
                  .allSatisfy(share -> assertThat(share).hasSize(6 / clientIds.length));
            });
  }

  @Test
  void resumesInGroupAtItsCommit() {
    TopicPartition partition = Samples.topic(java, broker.bootstrap(), "kcat-resumed", Map.of());
    List<Message> sent =
        IntStream.range(0, 40)
            .mapToObj(i -> Message.to(partition.topic(), 0, null, "v" + i))
            .toList();
    Samples.send(java, broker.bootstrap(), sent.subList(0, 25), Map.of());
    String[] reading = {
      "-G",
      partition.topic(),
      partition.topic(),
      "-e",
      "-q",
      "-f",
      "%s\\n",
      "-X",
      "auto.offset.reset=earliest"
    };
    List<String> first = kcat("", reading);
    Samples.send(java, broker.bootstrap(), sent.subList(25, 40), Map.of());

    List<String> second = kcat("", reading);

    assertThat(first).isEqualTo(sent.subList(0, 25).stream().map(Message::value).toList());
    assertThat(second).isEqualTo(sent.subList(25, 40).stream().map(Message::value).toList());
  }

  /** The same address by two names: kcat gives up when it has lost every address it knows. */
  private static String twice(String address) {
    return address + "," + address.replace("127.0.0.1", "localhost");
  }

  private List<String> kcat(String input, String... arguments) {
    return Child.run(command(broker.bootstrap(), arguments), input);
  }

  private static List<String> command(String bootstrap, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kcat", "-b", bootstrap));
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
