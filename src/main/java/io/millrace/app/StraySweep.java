package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicIdPartition;
import io.millrace.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets logs aside that no partition has claimed, once, behind the partitions: when the image has
 * this process registered. An image from before may lack topics that were created since, and a
 * broker that starts while nobody decides has no other one. Confined to: the control loop.
 */
public final class StraySweep implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(StraySweep.class);

  private final Cluster cluster;
  private final Storage storage;
  private boolean swept;

  /** Sweeps the logs of {@code storage}, once. */
  public StraySweep(Cluster cluster, Storage storage) {
    this.cluster = cluster;
    this.storage = storage;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    if (swept || !cluster.isOwnRegistration(change.now())) {
      done.run();
      return;
    }
    swept = true;
    storage
        .setStraysAside(id -> belongs(change.now(), id))
        .onFailure(fault -> LOG.error("logs of no topic could not be set aside", fault))
        .onComplete(aside -> done.run());
  }

  private boolean belongs(ClusterImage image, TopicIdPartition id) {
    TopicImage topic = image.topic(id.topicId());
    PartitionImage partition = topic == null ? null : topic.partition(id.partition());
    return partition != null && partition.replicas().contains(cluster.brokerId());
  }
}
