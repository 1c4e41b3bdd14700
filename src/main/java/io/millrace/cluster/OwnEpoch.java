package io.millrace.cluster;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.MetadataListener;
import io.vertx.core.Future;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes each new epoch of this broker's registration where its next start finds it: the next
 * registration names it, and is trusted for that.
 *
 * <p>Confined to: the control loop.
 */
public final class OwnEpoch implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(OwnEpoch.class);

  private final Cluster cluster;
  private final LongFunction<Future<Void>> note;
  private long noted;

  /**
   * @param note writes an epoch down
   * @param noted the epoch that is written down already
   */
  public OwnEpoch(Cluster cluster, LongFunction<Future<Void>> note, long noted) {
    this.cluster = cluster;
    this.note = note;
    this.noted = noted;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    BrokerImage self = change.now().broker(cluster.brokerId());
    if (self == null || self.epoch() == noted || !cluster.isOwnRegistration(change.now())) {
      done.run();
      return;
    }
    noted = self.epoch();
    note.apply(noted)
        .onFailure(fault -> LOG.error("the epoch of the registration was not written", fault))
        .onComplete(written -> done.run());
  }
}
