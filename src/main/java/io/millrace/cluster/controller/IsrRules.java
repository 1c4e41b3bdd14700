package io.millrace.cluster.controller;

import io.millrace.config.LogConfig;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.PartitionImage;
import org.jspecify.annotations.Nullable;

/**
 * What a topic's configuration says of its in-sync replicas. Immutable.
 *
 * @param min {@code min.insync.replicas}
 * @param unclean {@code unclean.leader.election.enable}: whether a replica may lead that does not
 *     hold all that was acknowledged
 */
record IsrRules(int min, boolean unclean) {

  private static IsrRules of(LogConfig config) {
    return new IsrRules(config.minInsyncReplicas(), config.uncleanLeaderElection());
  }

  /**
   * How many in-sync replicas the high watermark of a partition needs to advance: no more than
   * there are replicas (KIP-966).
   */
  int needed(PartitionImage partition) {
    return needed(partition.replicas().size());
  }

  int needed(int replicas) {
    return Math.min(min, replicas);
  }

  /** The rules of all topics at one image. Confined to: the control loop. */
  static final class ByTopic {
    private final EffectiveConfigs configs;
    private final ClusterImage image;
    private @Nullable IsrRules common;

    ByTopic(EffectiveConfigs configs, ClusterImage image) {
      this.configs = configs;
      this.image = image;
    }

    IsrRules of(String topic) {
      if (!image.configs(ConfigScope.topic(topic)).isEmpty()) {
        return IsrRules.of(configs.topic(image, topic));
      }
      if (common == null) {
        common = IsrRules.of(configs.topic(image, topic));
      }
      return common;
    }
  }
}
