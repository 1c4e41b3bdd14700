package io.millrace.crash;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer that sends {@code name:0}, {@code name:1}, … on a thread of its own, round robin over
 * the partitions, and remembers where each was acknowledged. Thread-safe.
 */
final class LoadProducer implements AutoCloseable {
  private static final int IN_FLIGHT = 300;

  private final String name;
  private final String topic;
  private final int partitions;
  private final KafkaProducer<String, String> producer;
  private final Map<TopicPartition, Map<Long, String>> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger acknowledgements = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final Semaphore room = new Semaphore(IN_FLIGHT);
  private final Thread thread;
  private volatile boolean ending;
  private volatile @Nullable RuntimeException broken;

  private LoadProducer(String name, String topic, int partitions, Map<String, Object> settings) {
    this.name = name;
    this.topic = topic;
    this.partitions = partitions;
    this.producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** An idempotent producer that never gives up. */
  static LoadProducer idempotent(String name, String bootstrap, String topic, int partitions) {
    return new LoadProducer(name, topic, partitions, settings(bootstrap, Map.of("acks", "all")));
  }

  /** A producer that sends each record once, whatever comes of it. */
  static LoadProducer plain(String name, String bootstrap, String topic, int partitions) {
    return new LoadProducer(
        name,
        topic,
        partitions,
        settings(
            bootstrap,
            Map.of(
                "acks",
                "1",
                "enable.idempotence",
                false,
                "retries",
                0,
                "max.in.flight.requests.per.connection",
                1)));
  }

  private static Map<String, Object> settings(String bootstrap, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", bootstrap);
    settings.put("batch.size", 1000);
    settings.put("max.block.ms", 60_000);
    settings.put("delivery.timeout.ms", 120_000);
    settings.put("reconnect.backoff.ms", 20);
    settings.put("reconnect.backoff.max.ms", 100);
    settings.put("retry.backoff.ms", 20);
    return settings;
  }

  private void run() {
    try {
      for (int sequence = 0; !ending; sequence++) {
        room.acquireUninterruptibly();
        TopicPartition partition = new TopicPartition(topic, sequence % partitions);
        String value = name + ":" + sequence;
        producer.send(
            new ProducerRecord<>(topic, partition.partition(), null, value),
            (metadata, error) -> {
              if (error == null) {
                acknowledged
                    .computeIfAbsent(partition, p -> new ConcurrentHashMap<>())
                    .put(metadata.offset(), value);
                acknowledgements.incrementAndGet();
              } else {
                failures.incrementAndGet();
              }
              room.release();
            });
      }
    } catch (RuntimeException e) {
      broken = e;
    }
  }

  /** Number of records acknowledged so far. */
  int acknowledgements() {
    RuntimeException failure = broken;
    if (failure != null) {
      throw failure;
    }
    return acknowledgements.get();
  }

  /** Number of records that the client gave up. */
  int failures() {
    return failures.get();
  }

  /** Offset to value of what was acknowledged in a partition. */
  Map<Long, String> acknowledged(TopicPartition partition) {
    return acknowledged.getOrDefault(partition, Map.of());
  }

  /** Ends the load and waits for the last acknowledgements. */
  @Override
  public void close() {
    ending = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    producer.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
