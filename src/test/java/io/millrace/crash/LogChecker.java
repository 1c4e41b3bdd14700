package io.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a partition's log must be after any number of crashes. Stateless. */
final class LogChecker {
  private LogChecker() {}

  /** Reads every record of a partition. */
  static List<ConsumerRecord<String, String>> readAll(String bootstrap, TopicPartition partition) {
    List<ConsumerRecord<String, String>> read = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "max.poll.records", 5000),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (read.size() < end && System.nanoTime() < deadline) {
        read.addAll(consumer.poll(Duration.ofMillis(500)).records(partition));
      }
      assertThat((long) read.size()).as("records of %s up to its end", partition).isEqualTo(end);
    }
    return read;
  }

  /** Offsets go on without a gap from 0. */
  static void offsetsAreContinuous(List<ConsumerRecord<String, String>> log) {
    for (int i = 0; i < log.size(); i++) {
      assertThat(log.get(i).offset()).isEqualTo(i);
    }
  }

  /** What was acknowledged lies where the acknowledgement said. */
  static void acknowledgedIsThere(
      List<ConsumerRecord<String, String>> log, Map<Long, String> acknowledged) {
    acknowledged.forEach(
        (offset, value) -> {
          assertThat(offset).as("offset of acknowledged %s", value).isLessThan(log.size());
          assertThat(log.get(offset.intValue()).value()).isEqualTo(value);
        });
  }

  /** An idempotent producer's records are there once each, in order, none left out. */
  static void isPrefixOfWhatWasSent(
      List<ConsumerRecord<String, String>> log, LoadProducer producer, int partitions) {
    int expected = -1;
    for (ConsumerRecord<String, String> record : log) {
      if (record.value().startsWith(producer + ":")) {
        int sequence = sequence(record);
        int partition = record.partition();
        expected = expected < 0 ? partition : expected + partitions;
        assertThat(sequence)
            .as("%s at offset %d of partition %d", producer, record.offset(), partition)
            .isEqualTo(expected);
      }
    }
  }

  /** A plain producer's records are in order; some may be left out, none is there twice. */
  static void isInOrder(List<ConsumerRecord<String, String>> log, LoadProducer producer) {
    Map<Integer, Integer> last = new HashMap<>();
    for (ConsumerRecord<String, String> record : log) {
      if (record.value().startsWith(producer + ":")) {
        Integer before = last.put(record.partition(), sequence(record));
        assertThat(before == null || before < sequence(record))
            .as("%s after %s at offset %d", record.value(), before, record.offset())
            .isTrue();
      }
    }
  }

  private static int sequence(ConsumerRecord<String, String> record) {
    return Integer.parseInt(record.value().substring(record.value().indexOf(':') + 1));
  }
}
