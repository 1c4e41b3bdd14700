package io.millrace.app;

import io.millrace.cluster.founding.Place;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.MetadataListener;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps on the disk where the other brokers of the cluster are: the next start asks there, before
 * it has read the metadata, whether its log was given up. Confined to: the control loop.
 */
final class KnownBrokers implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(KnownBrokers.class);

  private final EventLoop control;
  private final int self;
  private final ClusterFile file;
  private List<Place> kept;
  private List<Place> wanted;
  private boolean writing;

  /**
   * @param self id of this broker
   */
  KnownBrokers(EventLoop control, int self, ClusterFile file) {
    this.control = control;
    this.self = self;
    this.file = file;
    this.kept = file.brokers();
    this.wanted = kept;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    if (change.brokersChanged()) {
      wanted = places(change.now());
      write();
    }
    done.run();
  }

  private List<Place> places(ClusterImage image) {
    return image.brokers().values().stream()
        .filter(broker -> broker.id() != self)
        .map(broker -> broker.endpoint(Endpoint.PEER))
        .filter(Objects::nonNull)
        .map(peer -> new Place(peer.host(), peer.port()))
        .toList();
  }

  private void write() {
    if (writing || wanted.equals(kept)) {
      return;
    }
    writing = true;
    List<Place> next = wanted;
    control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              file.keepBrokers(next);
              return true;
            })
        .onFailure(fault -> LOG.warn("where other brokers are was not kept", fault))
        .onComplete(
            written -> {
              writing = false;
              kept = next;
              write();
            });
  }
}
