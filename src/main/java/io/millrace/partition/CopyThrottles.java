package io.millrace.partition;

import io.millrace.config.ClusterKeys;
import io.millrace.config.Key;
import io.millrace.config.TopicKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which replicas catch up slowly, and how slowly (KIP-73), by an image. Stateless. */
public enum CopyThrottles {
  /** Of what a broker sends as a leader. */
  LEADER(
      ClusterKeys.LEADER_REPLICATION_THROTTLED_RATE,
      TopicKeys.LEADER_REPLICATION_THROTTLED_REPLICAS),
  /** Of what a broker takes as a follower. */
  FOLLOWER(
      ClusterKeys.FOLLOWER_REPLICATION_THROTTLED_RATE,
      TopicKeys.FOLLOWER_REPLICATION_THROTTLED_REPLICAS);

  private final Key<Long> rate;
  private final Key<List<String>> replicas;

  CopyThrottles(Key<Long> rate, Key<List<String>> replicas) {
    this.rate = rate;
    this.replicas = replicas;
  }

  /** Rate of a broker in bytes per second; {@link Long#MAX_VALUE} when none was set. */
  public long rate(ClusterImage image, int brokerId) {
    return EffectiveConfigs.set(image, brokerId, rate).orElse(Long.MAX_VALUE);
  }

  /** The topic's list of replicas. */
  public ThrottledReplicas replicas(ClusterImage image, TopicImage topic) {
    return ThrottledReplicas.of(list(image, topic));
  }

  /** That list as it was set; null when none was. */
  @Nullable String list(ClusterImage image, TopicImage topic) {
    return image.configs(ConfigScope.topic(topic.name())).get(replicas.name());
  }

  /**
   * Whether copying to a replica is throttled at this side.
   *
   * @param replicas the topic's list
   * @param named broker that the list must name: the leader or the follower
   * @param follower the replica; one that is in sync is never throttled
   */
  public static boolean isThrottled(
      ThrottledReplicas replicas, TopicImage topic, int number, int named, int follower) {
    PartitionImage partition = topic.partition(number);
    return partition != null
        && !partition.isr().contains(follower)
        && replicas.names(number, named);
  }
}
