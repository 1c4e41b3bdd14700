package io.millrace.app;

import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.Encounter;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the brokers that are away, in a cluster whose metadata was recovered, that it was: they may
 * have come back together where they could not reach it, and go on with the log that was given up.
 * In a cluster that was never recovered it says nothing. Confined to: the control loop.
 */
final class RecoveryNotice {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryNotice.class);

  /** Pause between two rounds, in ms. */
  static final long EVERY_MS = 10_000;

  private final EventLoop control;
  private final int self;
  private final Supplier<ClusterImage> images;
  private final Supplier<Card> own;
  private final Function<PeerAddress, Future<Card>> tell;
  private final Set<Uuid> warnedOf = new HashSet<>();

  /**
   * @param self id of this broker
   * @param images the newest image
   * @param own what this broker says of itself
   * @param tell tells it to another one, which answers with its own card
   */
  RecoveryNotice(
      EventLoop control,
      int self,
      Supplier<ClusterImage> images,
      Supplier<Card> own,
      Function<PeerAddress, Future<Card>> tell) {
    this.control = control;
    this.self = self;
    this.images = images;
    this.own = own;
    this.tell = tell;
  }

  /** Tells them from now on. */
  void begin() {
    control.scheduleTurn(EVERY_MS, this::round);
  }

  private void round() {
    ClusterImage image = images.get();
    if (image.recoveries() > 0) {
      image.brokers().values().stream()
          .filter(broker -> broker.id() != self && broker.fenced())
          .forEach(this::tell);
    }
    begin();
  }

  private void tell(BrokerImage broker) {
    Endpoint at = broker.endpoint(Endpoint.PEER);
    if (at != null) {
      tell.apply(new PeerAddress(at.host(), at.port()))
          .onSuccess(this::answered)
          .onFailure(away -> LOG.debug("broker {} is away: {}", broker.id(), away.getMessage()));
    }
  }

  private void answered(Card other) {
    if (Encounter.isGivenUp(other, own.get()) && warnedOf.add(other.incarnation())) {
      LOG.warn(
          "broker {} at {} has the cluster's metadata as it was before its recovery; it joins, or"
              + " stops when others go on with that, too",
          other.brokerId(),
          other.place());
    }
  }
}
