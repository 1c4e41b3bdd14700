package io.millrace.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Java's consumer with its defaults, on a thread of its own. Thread-safe. */
final class TcpConsumer implements AutoCloseable {
  private final List<String> values = new ArrayList<>();
  private final Thread thread;
  private volatile Set<Integer> assigned = Set.of();
  private volatile int rebalances;
  private volatile boolean closing;

  TcpConsumer(String address, String group, String topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            address,
            "group.id",
            group,
            "auto.offset.reset",
            "earliest",
            "heartbeat.interval.ms",
            500);
    thread = new Thread(() -> run(settings, topic), "tcp-consumer");
    thread.start();
  }

  private void run(Map<String, Object> settings, String topic) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(
          List.of(topic),
          new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
              rebalances++;
            }
          });
      while (!closing) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> add(record.value()));
        assigned =
            consumer.assignment().stream()
                .map(TopicPartition::partition)
                .collect(Collectors.toUnmodifiableSet());
      }
    }
  }

  private synchronized void add(String value) {
    values.add(value);
  }

  synchronized List<String> values() {
    return List.copyOf(values);
  }

  Set<Integer> assigned() {
    return assigned;
  }

  int rebalances() {
    return rebalances;
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join(20_000);
  }
}
