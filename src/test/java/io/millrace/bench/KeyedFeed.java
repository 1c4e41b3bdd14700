package io.millrace.bench;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Feeds a topic with keyed records at a rate, so that there is something to compact or to delete
 * while others are measured.
 *
 * <p>{@code key=value} arguments: {@code bootstrap}, {@code topic}, {@code rate} (records a
 * second), {@code size}, {@code keys}, {@code seconds}.
 */
public final class KeyedFeed {
  private static final long TICK_NS = 5_000_000;

  private KeyedFeed() {}

  /** Prints how many records it sent, and how many failed. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments(args);
    int size = arguments.number("size", 1024);
    int keys = arguments.number("keys", 1000);
    int rate = arguments.number("rate", 10_000);
    AtomicLong failed = new AtomicLong();
    long sent = 0;
    Map<String, Object> config =
        Map.of("bootstrap.servers", arguments.text("bootstrap"), "linger.ms", 5, "acks", "1");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      long beganNs = System.nanoTime();
      long endNs = beganNs + arguments.number("seconds", 10) * 1_000_000_000L;
      for (long now = beganNs; now < endNs; now = System.nanoTime()) {
        for (long due = (long) (rate * ((now - beganNs) / 1e9)); sent < due; sent++) {
          byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt((int) (sent % keys)).array();
          producer.send(
              new ProducerRecord<>(arguments.text("topic"), key, new byte[size]),
              (metadata, error) -> failed.addAndGet(error == null ? 0 : 1));
        }
        LockSupport.parkNanos(TICK_NS);
      }
    }
    System.out.println(new JsonObject().put("sent", sent).put("failed", failed.get()).encode());
  }
}
