package io.millrace.metadata;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A broker's process registered; it starts fenced.
 *
 * @param id broker id
 * @param epoch epoch given to the registration; above all that were given before
 * @param previousEpoch epoch of the registration that it replaces; -1 when the id is new
 * @param incarnation random id of the process
 * @param endpoints its listeners
 * @param rack its rack, or null
 * @param start what the process brought with it
 */
public record BrokerRegistered(
    int id,
    long epoch,
    long previousEpoch,
    Uuid incarnation,
    List<Endpoint> endpoints,
    @Nullable String rack,
    BrokerStart start)
    implements Fact {

  public BrokerRegistered {
    endpoints = List.copyOf(endpoints);
  }

  /** A registration that says nothing of how the process started. */
  public BrokerRegistered(
      int id,
      long epoch,
      long previousEpoch,
      Uuid incarnation,
      List<Endpoint> endpoints,
      @Nullable String rack) {
    this(id, epoch, previousEpoch, incarnation, endpoints, rack, BrokerStart.UNKNOWN);
  }

  @Override
  public ClusterImage applyTo(ClusterImage image) {
    BrokerImage before = image.broker(id);
    long beforeEpoch = before == null ? -1 : before.epoch();
    Preconditions.require(
        beforeEpoch == previousEpoch,
        "broker %d has epoch %d, the registration replaces epoch %d",
        id,
        beforeEpoch,
        previousEpoch);
    Preconditions.require(
        epoch > image.lastBrokerEpoch(), "epoch %d of broker %d was given before", epoch, id);
    return image
        .withLastBrokerEpoch(epoch)
        .withBroker(
            new BrokerImage(id, epoch, incarnation, endpoints, rack, true, start, false, false));
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.brokers();
  }
}
