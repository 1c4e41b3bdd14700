package io.millrace.testkit.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all of a topic and compares it with what producers were told and consumers were given.
 *
 * @param acknowledged records that producers were told are safe
 * @param lost of these, how many are not there
 * @param doubled records that are there more than once
 * @param disordered records behind a later one of the same producer and partition
 * @param moved acknowledged records that stand at another offset than was said
 * @param undelivered acknowledged records that the group, or a page, was not given
 * @param changed delivered records that are now others, or are gone
 * @param examples the first of what is wrong, in words
 */
public record Audit(
    int acknowledged,
    int lost,
    int doubled,
    int disordered,
    int moved,
    int undelivered,
    int changed,
    List<String> examples) {

  /** Nothing was looked at. */
  static final Audit NONE = new Audit(0, 0, 0, 0, 0, 0, 0, List.of());

  /** Whether everything is as it must be. */
  public boolean isGood() {
    return lost + doubled + disordered + moved + undelivered + changed == 0 && examples.isEmpty();
  }

  /** Counts while partitions are read. */
  private static final class Tally {
    int acknowledged;
    int lost;
    int doubled;
    int disordered;
    int moved;
    int undelivered;
    int changed;
    final List<String> examples = new ArrayList<>();

    void example(String text) {
      if (examples.size() < 10) {
        examples.add(text);
      }
    }
  }

  /** Audits a topic that nobody writes to any more and that the group has read to its end. */
  static Audit of(
      String bootstrap,
      String topic,
      int partitions,
      List<Writer> writers,
      List<Delivered> readers) {
    Tally tally = new Tally();
    for (int partition = 0; partition < partitions; partition++) {
      TreeMap<Long, Stamp> stored = read(bootstrap, new TopicPartition(topic, partition));
      audit(partition, stored, writers, tally);
      for (Delivered reader : readers) {
        compare(partition, stored, writers, reader, tally);
      }
    }
    readers.forEach(reader -> reader.wrongs().forEach(tally::example));
    return new Audit(
        tally.acknowledged,
        tally.lost,
        tally.doubled,
        tally.disordered,
        tally.moved,
        tally.undelivered,
        tally.changed,
        List.copyOf(tally.examples));
  }

  private static void audit(
      int partition, TreeMap<Long, Stamp> stored, List<Writer> writers, Tally tally) {
    Map<Stamp, Long> places = new HashMap<>();
    Map<Integer, Integer> last = new HashMap<>();
    stored.forEach(
        (offset, stamp) -> {
          if (places.putIfAbsent(stamp, offset) != null) {
            tally.doubled++;
            tally.example("doubled: " + stamp + " at " + partition + "@" + offset);
          }
          Integer before = last.put(stamp.writer(), stamp.sequence());
          if (before != null && before > stamp.sequence()) {
            tally.disordered++;
            tally.example(
                "disordered: " + stamp + " behind " + before + " at " + partition + "@" + offset);
          }
        });
    for (Writer writer : writers) {
      for (Writer.Acknowledged told : writer.acknowledged(partition)) {
        tally.acknowledged++;
        Long at = places.get(told.stamp());
        if (at == null) {
          tally.lost++;
          tally.example(
              "lost: "
                  + told
                  + " of partition "
                  + partition
                  + "; now there: "
                  + stored.get(told.offset()));
        } else if (told.offset() >= 0 && at != told.offset()) {
          tally.moved++;
          tally.example("moved: " + told + " of partition " + partition + " is at " + at);
        }
      }
    }
  }

  private static void compare(
      int partition,
      TreeMap<Long, Stamp> stored,
      List<Writer> writers,
      Delivered reader,
      Tally tally) {
    Map<Long, Stamp> delivered = reader.of(partition);
    for (Writer writer : writers) {
      Set<Stamp> told =
          writer.acknowledged(partition).stream()
              .map(Writer.Acknowledged::stamp)
              .collect(Collectors.toSet());
      told.removeAll(Set.copyOf(delivered.values()));
      tally.undelivered += told.size();
      told.stream()
          .limit(3)
          .forEach(s -> tally.example(reader.name() + " was not given " + s + " of " + partition));
    }
    delivered.forEach(
        (offset, stamp) -> {
          if (!stamp.equals(stored.get(offset))) {
            tally.changed++;
            tally.example(
                "changed: "
                    + partition
                    + "@"
                    + offset
                    + " was delivered to "
                    + reader.name()
                    + " as "
                    + stamp
                    + " and is "
                    + stored.get(offset));
          }
        });
  }

  /** Everything in a partition. */
  private static TreeMap<Long, Stamp> read(String bootstrap, TopicPartition partition) {
    TreeMap<Long, Stamp> stored = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition), Duration.ofSeconds(60)).get(partition);
      consumer.seekToBeginning(List.of(partition));
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(record -> stored.put(record.offset(), Stamp.of(record.value())));
      }
    }
    return stored;
  }
}
