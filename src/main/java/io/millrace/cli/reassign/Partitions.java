package io.millrace.cli.reassign;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;

/** Order and text of partitions and replicas. Stateless. */
public final class Partitions {
  /** By topic, then by number. */
  public static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  /** By broker, then as {@link #ORDER}. */
  static final Comparator<TopicPartitionReplica> REPLICA_ORDER =
      Comparator.comparingInt(TopicPartitionReplica::brokerId)
          .thenComparing(TopicPartitionReplica::topic)
          .thenComparingInt(TopicPartitionReplica::partition);

  private Partitions() {}

  /** With these between them. */
  static String joined(Collection<?> values, String between) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(between));
  }

  /** An s unless there is one only. */
  static String plural(Collection<?> values) {
    return values.size() == 1 ? "" : "s";
  }
}
