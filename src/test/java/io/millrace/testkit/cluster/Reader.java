package io.millrace.testkit.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group that commits after every poll, on a thread of its own, and checks
 * what it is given: offsets in a row from where it was assigned, and never another record at an
 * offset that any member has seen.
 *
 * <p>Thread-safe.
 */
final class Reader {
  /** What the members of one group saw together. Thread-safe. */
  static final class Seen implements Delivered {
    private final Map<Integer, Map<Long, Stamp>> records = new ConcurrentHashMap<>();
    private final List<String> wrongs = new CopyOnWriteArrayList<>();
    private final AtomicLong repeats = new AtomicLong();
    private final AtomicLong failedCommits = new AtomicLong();
    private final Gap deliveries;
    private final Gap commits = new Gap("commits of member", 1);

    Seen(int partitions) {
      deliveries = new Gap("deliveries of partition", partitions);
    }

    void add(int partition, long offset, Stamp stamp) {
      deliveries.event(partition);
      Stamp before =
          records
              .computeIfAbsent(partition, p -> new ConcurrentHashMap<>())
              .putIfAbsent(offset, stamp);
      if (before != null) {
        repeats.incrementAndGet();
        if (!before.equals(stamp)) {
          wrongs.add(partition + "@" + offset + " was " + before + " and is now " + stamp);
        }
      }
    }

    @Override
    public String name() {
      return "the group";
    }

    @Override
    public Map<Long, Stamp> of(int partition) {
      return records.getOrDefault(partition, Map.of());
    }

    @Override
    public int count() {
      return records.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public List<String> wrongs() {
      return wrongs;
    }

    /** How many records were delivered again, as is allowed after a member or commit was lost. */
    long repeats() {
      return repeats.get();
    }

    /** How many commits failed; what was read is committed later, or read again. */
    long failedCommits() {
      return failedCommits.get();
    }

    Gap deliveries() {
      return deliveries;
    }

    Gap commits() {
      return commits;
    }
  }

  private final String topic;
  private final Seen seen;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Thread thread;
  private volatile boolean ending;
  private volatile @Nullable RuntimeException broken;

  Reader(String name, String bootstrap, String group, String topic, Seen seen) {
    this.topic = topic;
    this.seen = seen;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                group,
                "client.id",
                name,
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                10_000,
                "heartbeat.interval.ms",
                1_000,
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                10_000,
                "reconnect.backoff.max.ms",
                200),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(List.of(topic), new Assignments());
      while (!ending) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
        records.forEach(this::take);
        if (!records.isEmpty()) {
          commit();
        }
      }
    } catch (RuntimeException e) {
      broken = e;
    }
  }

  private void commit() {
    try {
      consumer.commitSync();
      seen.commits().event(0);
    } catch (KafkaException e) {
      // It is committed with the next poll, or what was read is read again.
      seen.failedCommits.incrementAndGet();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Long expected = next.put(partition, record.offset() + 1);
    if (expected != null && expected != record.offset()) {
      seen.wrongs.add(
          thread.getName() + " got " + partition + "@" + record.offset() + " after " + expected);
    }
    seen.add(record.partition(), record.offset(), Stamp.of(record.value()));
  }

  /** Leaves the group. */
  void finish() {
    ending = true;
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (broken != null) {
      seen.wrongs.add(thread.getName() + " broke: " + broken);
    }
  }

  /** Stops soon, without waiting. */
  void close() {
    ending = true;
  }

  private final class Assignments implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(next::remove);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      partitions.forEach(next::remove);
    }
  }
}
