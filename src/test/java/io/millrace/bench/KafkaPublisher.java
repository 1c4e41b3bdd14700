package io.millrace.bench;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes as any service would: the Java producer, acks=all. Confined to: the load's thread. */
final class KafkaPublisher implements Publisher {
  private final String topic;
  private final int size;
  private final KafkaProducer<byte[], byte[]> producer;

  KafkaPublisher(String bootstrap, String topic, int size) {
    this.topic = topic;
    this.size = size;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @Override
  public void send(int count) {
    for (int i = 0; i < count; i++) {
      producer.send(new ProducerRecord<>(topic, Publisher.record(size)));
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
