package io.millrace.partition.replication;

import io.millrace.config.ClusterKeys;
import io.millrace.config.TopicKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.Map;

/** Which replicas catch up slowly, and how slowly (KIP-73), by an image. Stateless. */
final class CopyThrottles {
  private CopyThrottles() {}

  /** {@code follower.replication.throttled.rate} of a broker in bytes per second. */
  static long rate(ClusterImage image, int brokerId) {
    String key = ClusterKeys.FOLLOWER_REPLICATION_THROTTLED_RATE.name();
    Map<String, String> own = image.configs(ConfigScope.broker(brokerId));
    Map<String, String> all = image.configs(ConfigScope.DEFAULT_BROKER);
    String written = own.getOrDefault(key, all.get(key));
    return written == null ? Long.MAX_VALUE : Long.parseLong(written);
  }

  /** Whether a replica is named in the topic's list, and is not in sync. */
  static boolean isThrottled(ClusterImage image, TopicImage topic, int number, int brokerId) {
    String list =
        image
            .configs(ConfigScope.topic(topic.name()))
            .get(TopicKeys.FOLLOWER_REPLICATION_THROTTLED_REPLICAS.name());
    PartitionImage partition = topic.partition(number);
    if (list == null || partition == null || partition.isr().contains(brokerId)) {
      return false;
    }
    for (String each : list.split(",")) {
      String replica = each.trim();
      if (replica.equals("*") || replica.equals(number + ":" + brokerId)) {
        return true;
      }
    }
    return false;
  }
}
