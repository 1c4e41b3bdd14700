package io.millrace.compat.driver;

import io.millrace.compat.client.Message;
import io.millrace.compat.client.Sender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** {@link Sender} over KafkaProducer. Thread-safe. */
final class JavaSender implements Sender {
  private final KafkaProducer<String, String> producer;

  JavaSender(Map<String, Object> settings) {
    producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  @Override
  public CompletableFuture<Long> send(Message message) {
    ProducerRecord<String, String> sent =
        new ProducerRecord<>(
            message.topic(),
            message.partition() < 0 ? null : message.partition(),
            message.timestampMs() < 0 ? null : message.timestampMs(),
            message.key(),
            message.value());
    message.headers().forEach((k, v) -> sent.headers().add(k, v.getBytes(StandardCharsets.UTF_8)));
    CompletableFuture<Long> placed = new CompletableFuture<>();
    producer.send(
        sent,
        (metadata, error) -> {
          if (error == null) {
            placed.complete(metadata.offset());
          } else {
            placed.completeExceptionally(error);
          }
        });
    return placed;
  }

  @Override
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
