package io.millrace.crash;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member of a group that reads on a thread of its own, commits what it read, and remembers which
 * commits were acknowledged. Thread-safe.
 */
final class CommittingReader implements AutoCloseable {
  private final Thread thread;
  private final Map<TopicPartition, Long> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger commits = new AtomicInteger();
  private volatile boolean ending;

  CommittingReader(String bootstrap, String group, String topic) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    settings.put("session.timeout.ms", 10_000);
    settings.put("heartbeat.interval.ms", 500);
    settings.put("reconnect.backoff.max.ms", 100);
    settings.put("default.api.timeout.ms", 5000);
    thread = new Thread(() -> run(settings, topic), "reader");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Map<String, Object> settings, String topic) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (!ending) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
        commit(consumer, records);
      }
    }
  }

  private void commit(
      KafkaConsumer<String, String> consumer, ConsumerRecords<String, String> records) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    records
        .partitions()
        .forEach(
            partition -> {
              var last = records.records(partition).get(records.records(partition).size() - 1);
              offsets.put(partition, new OffsetAndMetadata(last.offset() + 1));
            });
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets);
      offsets.forEach((partition, offset) -> acknowledged.put(partition, offset.offset()));
      commits.incrementAndGet();
    } catch (KafkaException e) {
      // The broker is away: an unacknowledged commit may or may not be there.
    }
  }

  /** The last acknowledged commit of each partition. */
  Map<TopicPartition, Long> acknowledged() {
    return acknowledged;
  }

  /** Number of acknowledged commits. */
  int commits() {
    return commits.get();
  }

  @Override
  public void close() {
    ending = true;
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
