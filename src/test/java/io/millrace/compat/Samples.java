package io.millrace.compat;

import io.millrace.compat.client.KafkaClients;
import io.millrace.compat.client.Message;
import io.millrace.compat.client.Operator;
import io.millrace.compat.client.Receiver;
import io.millrace.compat.client.Sender;
import io.millrace.model.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.Assertions;

/** The messages that scenarios send, and how they are written and read back. Stateless. */
final class Samples {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Samples() {}

  /**
   * Keys, no keys, tombstones, headers, small and large values, all for partition 0; the formula of
   * {@code src/test/node/samples.mjs} and {@code src/test/python/kafka_python.py}.
   */
  static List<Message> varied(String topic, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Message.to(
                        topic,
                        0,
                        i % 4 == 0 ? null : "key-" + i % 7,
                        i % 5 == 4 ? null : "value " + i + " " + "abc".repeat(i % 50))
                    .with(i % 3 == 0 ? Map.of("trace", "t" + i, "empty", "") : Map.of()))
        .toList();
  }

  /** What was said, without where it was placed. */
  static List<Message> unplaced(List<Message> messages) {
    return messages.stream().map(Message::unplaced).toList();
  }

  /** 0, 1, … {@code count - 1}. */
  static List<Long> offsets(int count) {
    return LongStream.range(0, count).boxed().toList();
  }

  /** Makes a topic of one partition with a unique name. */
  static TopicPartition topic(
      KafkaClients clients, String bootstrap, String prefix, Map<String, String> settings) {
    String topic = SharedBroker.unique(prefix);
    try (Operator operator = clients.operator(bootstrap)) {
      operator.createTopic(topic, 1, settings);
    }
    return new TopicPartition(topic, 0);
  }

  /** Sends and waits for every acknowledgement. */
  static void send(
      KafkaClients clients, String bootstrap, List<Message> messages, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", bootstrap);
    try (Sender sender = clients.sender(settings)) {
      List<CompletableFuture<Long>> placed = messages.stream().map(sender::send).toList();
      sender.flush();
      Assertions.assertThat(CompletableFuture.allOf(placed.toArray(CompletableFuture[]::new)))
          .succeedsWithin(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Reads {@code count} messages from the first offset on, without a group. */
  static List<Message> read(
      KafkaClients clients, String bootstrap, TopicPartition partition, int count) {
    try (Receiver receiver = clients.receiver(Map.of("bootstrap.servers", bootstrap))) {
      receiver.assign(partition);
      receiver.seekToBeginning();
      return poll(receiver, count);
    }
  }

  /** Number of messages that a partition holds now. */
  static int countAll(KafkaClients clients, String bootstrap, TopicPartition partition) {
    try (Receiver receiver = clients.receiver(Map.of("bootstrap.servers", bootstrap))) {
      long end = receiver.endOffset(partition);
      receiver.assign(partition);
      receiver.seekToBeginning();
      int count = 0;
      long last = -1;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (last < end - 1 && System.nanoTime() < deadline) {
        for (Message message : receiver.poll(Duration.ofMillis(200))) {
          count++;
          last = message.offset();
        }
      }
      return count;
    }
  }

  /** Polls until {@code count} messages came, or patience ends. */
  static List<Message> poll(Receiver receiver, int count) {
    List<Message> polled = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (polled.size() < count && System.nanoTime() < end) {
      polled.addAll(receiver.poll(Duration.ofMillis(500)));
    }
    return polled;
  }
}
