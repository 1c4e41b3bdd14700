package io.millrace.handler;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where clients find the leaders that an answer names instead of this broker, so that they go there
 * without asking for metadata (KIP-951). A leader that a client has not heard of, as one that has
 * just come back, is of no use to it without its address.
 *
 * <p>Stateless.
 */
final class LeaderNodes {
  private LeaderNodes() {}

  /** The address of a leader at the listener through which the client came. */
  record Node(int id, String host, int port, @Nullable String rack) {}

  /** Where a leader is to be found; null unless it is registered and not fenced. */
  static @Nullable Node of(
      ClusterImage image, int leader, String listener, InetSocketAddress dialled) {
    BrokerImage broker = image.broker(leader);
    Endpoint endpoint = broker == null ? null : broker.endpoint(listener);
    if (broker == null || broker.fenced() || endpoint == null) {
      return null;
    }
    ClientAddress address = ClientAddress.of(endpoint, dialled);
    return new Node(leader, address.host(), address.port(), broker.rack());
  }

  /** As the other, for the client of a request. */
  static @Nullable Node of(RequestContext context, ClusterImage image, int leader) {
    return of(image, leader, context.caller().listener(), context.dialled());
  }
}
