package io.millrace.compat.driver;

import io.millrace.compat.client.Message;
import io.millrace.compat.client.Receiver;
import io.millrace.model.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** {@link Receiver} over KafkaConsumer. Confined to: the thread that uses it. */
final class JavaReceiver implements Receiver {
  private final KafkaConsumer<String, String> consumer;

  JavaReceiver(Map<String, Object> settings) {
    consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  @Override
  public void subscribe(String topic) {
    consumer.subscribe(List.of(topic));
  }

  @Override
  public void assign(TopicPartition... partitions) {
    consumer.assign(
        Arrays.stream(partitions).map(JavaReceiver::theirs).collect(Collectors.toList()));
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    consumer.seek(theirs(partition), offset);
  }

  @Override
  public void seekToBeginning() {
    consumer.seekToBeginning(consumer.assignment());
  }

  @Override
  public List<Message> poll(Duration timeout) {
    List<Message> polled = new ArrayList<>();
    try {
      consumer.poll(timeout).forEach(received -> polled.add(message(received)));
    } catch (WakeupException e) {
      return polled; // asked for
    }
    return polled;
  }

  private static Message message(ConsumerRecord<String, String> received) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : received.headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    return new Message(
        received.topic(),
        received.partition(),
        received.offset(),
        received.timestamp(),
        received.key(),
        received.value(),
        headers);
  }

  @Override
  public void commit() {
    consumer.commitSync();
  }

  @Override
  public void commit(TopicPartition partition, long offset, String metadata) {
    consumer.commitSync(Map.of(theirs(partition), new OffsetAndMetadata(offset, metadata)));
  }

  @Override
  public @Nullable String committed(TopicPartition partition) {
    OffsetAndMetadata found = consumer.committed(Set.of(theirs(partition))).get(theirs(partition));
    return found == null ? null : found.offset() + ":" + found.metadata();
  }

  @Override
  public long offsetAt(TopicPartition partition, long timestampMs) {
    OffsetAndTimestamp found =
        consumer.offsetsForTimes(Map.of(theirs(partition), timestampMs)).get(theirs(partition));
    return found == null ? -1 : found.offset();
  }

  @Override
  public long endOffset(TopicPartition partition) {
    return consumer.endOffsets(List.of(theirs(partition))).get(theirs(partition));
  }

  @Override
  public long beginningOffset(TopicPartition partition) {
    return consumer.beginningOffsets(List.of(theirs(partition))).get(theirs(partition));
  }

  @Override
  public Set<TopicPartition> assignment() {
    return consumer.assignment().stream().map(JavaReceiver::ours).collect(Collectors.toSet());
  }

  @Override
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  static org.apache.kafka.common.TopicPartition theirs(TopicPartition p) {
    return new org.apache.kafka.common.TopicPartition(p.topic(), p.partition());
  }

  static TopicPartition ours(org.apache.kafka.common.TopicPartition p) {
    return new TopicPartition(p.topic(), p.partition());
  }
}
