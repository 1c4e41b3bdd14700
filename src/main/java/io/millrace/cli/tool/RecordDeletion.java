package io.millrace.cli.tool;

import static io.millrace.cli.tool.AdminSession.await;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Deletes the records of partitions before an offset. Stateless. */
public final class RecordDeletion {
  /** Stands for the end of the partition. */
  public static final long HIGH_WATERMARK = -1;

  private RecordDeletion() {}

  /**
   * What became of a partition.
   *
   * @param lowWatermark first offset that is still there; without meaning after a failure
   * @param failure why nothing was deleted
   */
  public record Outcome(long lowWatermark, Optional<KafkaException> failure) {}

  /**
   * Deletes.
   *
   * @param offsets first offset to keep, by partition
   * @return outcomes, sorted by topic and number
   */
  public static Map<TopicPartition, Outcome> before(
      Map<TopicPartition, Long> offsets, AdminSession session) {
    Set<TopicPartition> absent = absent(offsets.keySet(), session);
    Map<TopicPartition, RecordsToDelete> wanted = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          if (!absent.contains(partition)) {
            wanted.put(partition, RecordsToDelete.beforeOffset(offset));
          }
        });
    Map<TopicPartition, KafkaFuture<DeletedRecords>> results =
        session.admin().deleteRecords(wanted).lowWatermarks();
    Map<TopicPartition, Outcome> outcomes =
        new TreeMap<>(
            Comparator.comparing(TopicPartition::topic)
                .thenComparingInt(TopicPartition::partition));
    results.forEach((partition, result) -> outcomes.put(partition, outcome(result)));
    absent.forEach(
        partition ->
            outcomes.put(
                partition,
                new Outcome(
                    -1,
                    Optional.of(
                        new UnknownTopicOrPartitionException(
                            "This server does not host this topic-partition.")))));
    return outcomes;
  }

  private static Outcome outcome(KafkaFuture<DeletedRecords> result) {
    try {
      return new Outcome(await(result).lowWatermark(), Optional.empty());
    } catch (KafkaException e) {
      return new Outcome(-1, Optional.of(e));
    }
  }

  /** Partitions that are not there; the client itself would look for them for a minute. */
  private static Set<TopicPartition> absent(Set<TopicPartition> wanted, AdminSession session) {
    Set<String> names = wanted.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    Set<TopicPartition> absent = new HashSet<>(wanted);
    session
        .admin()
        .describeTopics(names)
        .topicNameValues()
        .forEach((name, described) -> present(described, name).forEach(absent::remove));
    return absent;
  }

  private static Set<TopicPartition> present(KafkaFuture<TopicDescription> topic, String name) {
    try {
      return await(topic).partitions().stream()
          .map(one -> new TopicPartition(name, one.partition()))
          .collect(Collectors.toSet());
    } catch (UnknownTopicOrPartitionException e) {
      return Set.of();
    }
  }
}
