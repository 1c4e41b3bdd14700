package io.millrace.testkit.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer with acks=all that sends at a steady rate to all partitions of a topic in
 * turn, on a thread of its own, and remembers what was acknowledged where.
 *
 * <p>Thread-safe.
 */
final class Writer {
  private static final int IN_FLIGHT_MAX = 2_000;
  private static final int GIVE_UP_MS = 180_000;

  /** A record that was acknowledged, and its offset. */
  record Acknowledged(Stamp stamp, long offset) {}

  private final int number;
  private final String topic;
  private final int partitions;
  private final long periodNs;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Integer, ConcurrentLinkedQueue<Acknowledged>> acknowledged =
      new ConcurrentHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
  private final Gap gap;
  private final Thread thread;
  private volatile boolean ending;
  private volatile @Nullable RuntimeException broken;

  Writer(int number, String bootstrap, String topic, int partitions, int perSecond) {
    this.number = number;
    this.topic = topic;
    this.partitions = partitions;
    this.gap = new Gap("acknowledgements of partition", partitions);
    this.periodNs = 1_000_000_000L / perSecond;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                0,
                "max.block.ms",
                GIVE_UP_MS,
                "request.timeout.ms",
                5_000,
                "delivery.timeout.ms",
                GIVE_UP_MS,
                "reconnect.backoff.max.ms",
                200),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = new Thread(this::run, "writer-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      long due = System.nanoTime();
      for (int i = 0; !ending; i++) {
        send(i % partitions, i / partitions);
        due += periodNs;
        LockSupport.parkNanos(due - System.nanoTime());
      }
    } catch (RuntimeException e) {
      broken = e;
    }
  }

  private void send(int partition, int sequence) {
    Stamp stamp = new Stamp(number, sequence);
    room.acquireUninterruptibly();
    producer.send(
        new ProducerRecord<>(topic, partition, null, stamp.bytes()),
        (metadata, error) -> {
          room.release();
          if (error == null) {
            gap.event(partition);
            acknowledged
                .computeIfAbsent(partition, p -> new ConcurrentLinkedQueue<>())
                .add(new Acknowledged(stamp, metadata.offset()));
          } else {
            synchronized (failures) {
              failures.add(partition + "/" + stamp + ": " + error);
            }
          }
        });
  }

  /** What was acknowledged in a partition so far, in the order of the acknowledgements. */
  List<Acknowledged> acknowledged(int partition) {
    return List.copyOf(acknowledged.getOrDefault(partition, new ConcurrentLinkedQueue<>()));
  }

  /** Number of records acknowledged so far. */
  int count() {
    return acknowledged.values().stream().mapToInt(ConcurrentLinkedQueue::size).sum();
  }

  /** Records that were given up, with the reason. */
  List<String> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  /** Times without an acknowledgement of a partition. */
  Gap gap() {
    return gap;
  }

  /** Stops sending and waits until everything that was sent is acknowledged or given up. */
  void finish() {
    ending = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    producer.flush();
    producer.close(Duration.ofSeconds(10));
    if (broken != null) {
      throw new IllegalStateException("writer " + number + " broke", broken);
    }
  }

  /** Stops at once, whatever is not acknowledged. */
  void close() {
    ending = true;
    producer.close(Duration.ZERO);
  }
}
