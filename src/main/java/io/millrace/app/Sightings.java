package io.millrace.app;

import io.millrace.cluster.BrokerPresence.Card;
import io.millrace.cluster.membership.Membership;
import io.millrace.cluster.membership.MembershipOptions;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.MetadataListener;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets this broker be seen by the others, from the moment at which the image names a second one. A
 * broker that stays alone loads none of it. Confined to: the control loop.
 */
final class Sightings implements MetadataListener {
  private final int self;
  private final String version;
  private final Membership membership;

  /**
   * @param self id of this broker
   * @param version version of its software
   * @param membership what is started then
   */
  Sightings(int self, String version, Membership membership) {
    this.self = self;
    this.version = version;
    this.membership = membership;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    if (change.brokersChanged()) {
      meet(change.now());
    }
    done.run();
  }

  private void meet(ClusterImage image) {
    BrokerImage own = image.brokers().get(self);
    Endpoint at = own == null ? null : own.endpoint(Endpoint.PEER);
    List<PeerAddress> others =
        image.brokers().values().stream()
            .filter(broker -> broker.id() != self)
            .map(broker -> Optional.ofNullable(broker.endpoint(Endpoint.PEER)))
            .flatMap(Optional::stream)
            .map(peer -> new PeerAddress(peer.host(), peer.port()))
            .toList();
    if (own != null && at != null && !others.isEmpty()) {
      membership.meet(
          new MembershipOptions(image.clusterId(), at.host(), at.port(), card(own, at)), others);
    }
  }

  private Card card(BrokerImage own, Endpoint at) {
    Endpoint kafka =
        own.endpoints().stream()
            .filter(e -> !e.listener().equals(Endpoint.PEER) && !e.listener().equals(Endpoint.HTTP))
            .findFirst()
            .orElse(at);
    return new Card(
        self, text(kafka), textOrNull(own.endpoint(Endpoint.HTTP)), text(at), own.rack(), version);
  }

  private static String text(Endpoint endpoint) {
    return endpoint.host() + ":" + endpoint.port();
  }

  private static @Nullable String textOrNull(@Nullable Endpoint endpoint) {
    return endpoint == null ? null : text(endpoint);
  }
}
