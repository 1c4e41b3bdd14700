package io.millrace.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Joins empty groups, one after the other in one process, each with a consumer of its own: how long
 * it takes from subscribing until partitions are assigned.
 *
 * <p>{@code key=value} arguments: {@code bootstrap}, {@code topic}, {@code joins}.
 */
public final class GroupJoins {
  private static final long LIMIT_NS = Duration.ofSeconds(60).toNanos();

  private GroupJoins() {}

  /** Prints the milliseconds of each join, in order. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments(args);
    JsonArray ms = new JsonArray();
    for (int i = 0; i < arguments.number("joins", 5); i++) {
      ms.add(join(arguments.text("bootstrap"), arguments.text("topic")) / 1e6);
    }
    System.out.println(new JsonObject().put("ms", ms).encode());
  }

  private static long join(String bootstrap, String topic) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrap, "group.id", "joins-" + UUID.randomUUID());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      long beganNs = System.nanoTime();
      consumer.subscribe(List.of(topic));
      while (consumer.assignment().isEmpty()) {
        if (System.nanoTime() - beganNs > LIMIT_NS) {
          throw new IllegalStateException("no partition was assigned in 60 s");
        }
        consumer.poll(Duration.ofMillis(20));
      }
      return System.nanoTime() - beganNs;
    }
  }
}
