package io.millrace.partition.remote;

import io.millrace.config.LogConfig;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.Partitions;
import java.util.function.BiFunction;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** All partitions of the cluster, for readers on this broker. Thread-safe. */
public final class CommittedLogs {
  private final int brokerId;
  private final Partitions partitions;
  private final RemoteFeeds feeds;
  private final BiFunction<ClusterImage, String, LogConfig> configs;

  /**
   * @param brokerId id of this broker
   * @param partitions what is held here
   * @param feeds what is led elsewhere
   * @param configs settings of a topic by an image
   */
  public CommittedLogs(
      int brokerId,
      Partitions partitions,
      RemoteFeeds feeds,
      BiFunction<ClusterImage, String, LogConfig> configs) {
    this.brokerId = brokerId;
    this.partitions = partitions;
    this.feeds = feeds;
    this.configs = configs;
  }

  int brokerId() {
    return brokerId;
  }

  Partitions partitions() {
    return partitions;
  }

  RemoteFeeds feeds() {
    return feeds;
  }

  LogConfig config(String topic) {
    return configs.apply(feeds.image(), topic);
  }

  /** Whether the image says that this broker leads a partition. */
  boolean isOurs(TopicIdPartition id) {
    TopicImage topic = feeds.image().topic(id.topicId());
    PartitionImage partition = topic == null ? null : topic.partition(id.partition());
    return partition != null && partition.leader() == brokerId;
  }

  /** The partition, or null when there is no such topic or partition. */
  public @Nullable CommittedLog get(Uuid topicId, int number) {
    return of(feeds.image().topic(topicId), number);
  }

  /** The partition, or null when there is no such topic or partition. */
  public @Nullable CommittedLog get(String topic, int number) {
    return of(feeds.image().topic(topic), number);
  }

  private @Nullable CommittedLog of(@Nullable TopicImage topic, int number) {
    return topic == null || topic.partition(number) == null
        ? null
        : new RoutedLog(
            this, new TopicIdPartition(topic.id(), new TopicPartition(topic.name(), number)));
  }
}
