package io.millrace.cluster.raft;

import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactRefusedException;
import io.millrace.metadata.MetadataEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The image of a broker that reads the log from its beginning, until it has caught up. Nobody is
 * shown it before: a partition that an old image lacks is not one that was deleted.
 *
 * <p>Confined to: the control loop.
 */
final class HiddenImage {
  private static final Logger LOG = LoggerFactory.getLogger(HiddenImage.class);

  private ClusterImage image;

  HiddenImage(ClusterImage image) {
    this.image = image;
  }

  ClusterImage image() {
    return image;
  }

  /** Applies an entry as every broker does. */
  void committed(long logTerm, MetadataEntry entry) {
    try {
      image = image.apply(logTerm, entry, new ClusterChange.Touched());
    } catch (FactRefusedException refused) {
      LOG.debug("an entry was refused: {}", refused.getMessage());
      image = image.skip();
    }
  }
}
