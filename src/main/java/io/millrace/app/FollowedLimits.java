package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.MetadataListener;
import io.millrace.quota.ConnectionCount;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the limits on connections of a door follow the configuration while the broker runs. Confined
 * to: the control loop.
 */
final class FollowedLimits implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedLimits.class);

  private final Parts parts;
  private final Consumer<ConnectionCount.Limits> door;

  /**
   * @param door is told other limits
   */
  FollowedLimits(Parts parts, Consumer<ConnectionCount.Limits> door) {
    this.parts = parts;
    this.door = door;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    if (change.configs().stream().anyMatch(scope -> scope.kind() == ConfigScope.Kind.BROKER)) {
      BrokerConfig now = parts.cluster().effectiveConfigs().broker(change.now());
      try {
        door.accept(NetworkConfig.connections(now));
      } catch (StartException e) {
        LOG.warn("the limits on connections stay as they were: {}", e.getMessage());
      }
    }
    done.run();
  }
}
