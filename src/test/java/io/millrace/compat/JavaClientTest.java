package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compat.client.Message;
import io.millrace.compat.client.Operator;
import io.millrace.compat.client.Receiver;
import io.millrace.compat.client.Sender;
import io.millrace.model.TopicPartition;
import io.millrace.testkit.BrokerProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers, consumers and admin clients of each tested version of the Java library. */
@Tag("it")
@ParameterizedClass
@EnumSource(ClientVersion.class)
class JavaClientTest {
  private final BrokerProcess broker = SharedBroker.get();
  private final ClientVersion version;

  JavaClientTest(ClientVersion version) {
    this.version = version;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void readsBackWhatEachCodecStored(String codec) {
    TopicPartition partition = topic("codec-" + codec, Map.of());
    List<Message> sent = Samples.varied(partition.topic(), 300);

    sendAll(sent, Map.of("compression.type", codec, "linger.ms", 20));

    List<Message> read = readAll(partition, sent.size());
    assertThat(read.stream().map(Message::unplaced)).isEqualTo(Samples.unplaced(sent));
    assertThat(read.stream().map(Message::offset)).isEqualTo(Samples.offsets(sent.size()));
    assertThat(SegmentFiles.of(broker.data(), partition).codecs()).containsExactly(codec);
  }

  @Test
  void recompressesForTopicWithCodecOfItsOwn() {
    TopicPartition partition = topic("recompressed", Map.of("compression.type", "zstd"));
    List<Message> sent = Samples.varied(partition.topic(), 100);

    sendAll(sent, Map.of("compression.type", "gzip"));

    assertThat(readAll(partition, sent.size()).stream().map(Message::unplaced))
        .isEqualTo(Samples.unplaced(sent));
    assertThat(SegmentFiles.of(broker.data(), partition).codecs()).containsExactly("zstd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "all"})
  void producesWithAcknowledgementsOf(String acks) {
    TopicPartition partition = topic("acks-" + acks, Map.of());
    List<Message> sent = Samples.varied(partition.topic(), 50);

    sendAll(sent, Map.of("acks", acks, "enable.idempotence", false));

    assertThat(readAll(partition, sent.size()).stream().map(Message::unplaced))
        .isEqualTo(Samples.unplaced(sent));
  }

  @Test
  void findsOffsetsByTimestamp() {
    TopicPartition partition = topic("times", Map.of());
    long begin = System.currentTimeMillis() - 1_000_000;
    List<Message> sent =
        IntStream.range(0, 100)
            .mapToObj(i -> Message.to(partition.topic(), 0, "k", "v" + i).at(begin + i * 1000L))
            .toList();
    sendAll(sent, Map.of());

    try (Receiver receiver = version.clients().receiver(reading(Map.of()))) {
      assertThat(receiver.offsetAt(partition, begin)).isZero();
      assertThat(receiver.offsetAt(partition, begin + 41_001)).isEqualTo(42);
      assertThat(receiver.offsetAt(partition, begin + 99_000)).isEqualTo(99);
      assertThat(receiver.offsetAt(partition, begin + 99_001)).isEqualTo(-1);
      assertThat(receiver.beginningOffset(partition)).isZero();
      assertThat(receiver.endOffset(partition)).isEqualTo(100);
    }
  }

  @Test
  void resumesAtCommittedOffset() {
    TopicPartition partition = topic("resumed", Map.of());
    sendAll(Samples.varied(partition.topic(), 60), Map.of());
    Map<String, Object> inGroup =
        reading(
            Map.of(
                "group.id",
                partition.topic(),
                "enable.auto.commit",
                false,
                "max.poll.records",
                25,
                "auto.offset.reset",
                "earliest"));

    try (Receiver receiver = version.clients().receiver(inGroup)) {
      receiver.subscribe(partition.topic());
      assertThat(Samples.poll(receiver, 25)).hasSize(25);
      receiver.commit();
    }
    try (Receiver receiver = version.clients().receiver(inGroup)) {
      receiver.subscribe(partition.topic());
      assertThat(Samples.poll(receiver, 1).get(0).offset()).isEqualTo(25);
      receiver.commit(partition, 40, "said why");
      assertThat(receiver.committed(partition)).isEqualTo("40:said why");
    }
    try (Operator operator = version.clients().operator(broker.bootstrap())) {
      assertThat(operator.offsets(partition.topic())).isEqualTo(Map.of(partition, 40L));
      assertThat(operator.groups()).contains(partition.topic());
      operator.deleteGroup(partition.topic());
      assertThat(operator.groups()).doesNotContain(partition.topic());
    }
  }

  @Test
  void idempotentProducerWritesOnceThoughAnswersAreLost() {
    TopicPartition partition = topic("cut", Map.of());
    String clientId = SharedBroker.unique("cut-" + version);
    List<Message> sent =
        IntStream.range(0, 3000)
            .mapToObj(i -> Message.to(partition.topic(), 0, null, "v" + i))
            .toList();
    Map<String, Object> settings =
        new HashMap<>(
            Map.of(
                "bootstrap.servers",
                broker.proxied(),
                "client.id",
                clientId,
                "enable.idempotence",
                true,
                "acks",
                "all",
                "batch.size",
                600,
                "reconnect.backoff.ms",
                5,
                "retry.backoff.ms",
                5));
    settings.put("retries", Integer.MAX_VALUE);
    int cutsBefore = broker.proxy().cuts();

    List<CompletableFuture<Long>> placed = new ArrayList<>();
    try (Sender sender = version.clients().sender(settings)) {
      for (Message message : sent) {
        if (placed.size() % 500 == 250) {
          // Some batches are in flight: the broker gets them, the client does not get the answer.
          placed.get(placed.size() - 200).join();
          broker.proxy().loseNextAnswer(clientId);
        }
        placed.add(sender.send(message));
      }
      sender.flush();
    }

    assertThat(broker.proxy().cuts() - cutsBefore).isGreaterThanOrEqualTo(4);
    assertThat(placed.stream().map(CompletableFuture::join))
        .isEqualTo(Samples.offsets(sent.size()));
    assertThat(readAll(partition, sent.size()).stream().map(Message::value))
        .isEqualTo(sent.stream().map(Message::value).toList());
    try (Receiver receiver = version.clients().receiver(reading(Map.of()))) {
      assertThat(receiver.endOffset(partition)).isEqualTo(sent.size());
    }
  }

  @Test
  void administersTopics() {
    String topic = SharedBroker.unique("admin-" + version);
    TopicPartition first = new TopicPartition(topic, 0);
    try (Operator operator = version.clients().operator(broker.bootstrap())) {
      operator.createTopic(topic, 2, Map.of("retention.ms", "3600000"));
      assertThat(operator.topics()).contains(topic);
      assertThat(operator.topicSettings(topic)).isEqualTo(Map.of("retention.ms", "3600000"));

      operator.growTopic(topic, 5);
      assertThat(operator.partitions(topic)).isEqualTo(5);

      operator.alterTopic(topic, "max.message.bytes", "2048");
      assertThat(operator.topicSettings(topic))
          .isEqualTo(Map.of("retention.ms", "3600000", "max.message.bytes", "2048"));

      sendAll(Samples.varied(topic, 30), Map.of());
      assertThat(operator.deleteRecords(first, 12)).isEqualTo(12);
      try (Receiver receiver = version.clients().receiver(reading(Map.of()))) {
        assertThat(receiver.beginningOffset(first)).isEqualTo(12);
      }
      assertThat(operator.cluster()).startsWith("1:");

      operator.deleteTopic(topic);
      assertThat(operator.topics()).doesNotContain(topic);
    }
  }

  @Test
  void refusesWhatKafkaRefuses() {
    TopicPartition partition = topic("refused", Map.of("max.message.bytes", "1000"));
    try (Operator operator = version.clients().operator(broker.bootstrap());
        Sender sender = version.clients().sender(Map.of("bootstrap.servers", broker.bootstrap()))) {
      assertFails(
          () -> operator.createTopic(partition.topic(), 1, Map.of()), "TopicExistsException");
      assertFails(() -> operator.createTopic("a b", 1, Map.of()), "InvalidTopicException");
      assertFails(
          () -> operator.createTopic("bad-config", 1, Map.of("no.such.key", "1")),
          "InvalidConfigurationException",
          "InvalidRequestException");
      assertFails(() -> operator.growTopic(partition.topic(), 1), "InvalidPartitionsException");
      assertThat(sender.send(Message.to(partition.topic(), 0, null, "x".repeat(5000))))
          .failsWithin(Samples.PATIENCE)
          .withThrowableThat()
          .havingRootCause()
          .satisfies(
              e -> assertThat(e.getClass().getSimpleName()).isEqualTo("RecordTooLargeException"));
    }
  }

  private static void assertFails(Runnable action, String... oneOf) {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(action::run))
        .satisfies(e -> assertThat(e.getClass().getSimpleName()).isIn((Object[]) oneOf));
  }

  private TopicPartition topic(String prefix, Map<String, String> settings) {
    return Samples.topic(version.clients(), broker.bootstrap(), prefix + "-" + version, settings);
  }

  private void sendAll(List<Message> messages, Map<String, Object> more) {
    Samples.send(version.clients(), broker.bootstrap(), messages, more);
  }

  private List<Message> readAll(TopicPartition partition, int count) {
    return Samples.read(version.clients(), broker.bootstrap(), partition, count);
  }

  private Map<String, Object> reading(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", broker.bootstrap());
    return settings;
  }
}
