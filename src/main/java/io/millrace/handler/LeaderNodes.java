package io.millrace.handler;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import java.net.InetSocketAddress;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
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
  record Node(int id, String host, int port, @Nullable String rack) {
    /** Has the answer name it, once. Version 16 on. */
    void addTo(FetchResponseData answer) {
      if (answer.nodeEndpoints().find(id) == null) {
        var node = new FetchResponseData.NodeEndpoint().setNodeId(id).setHost(host).setPort(port);
        answer.nodeEndpoints().add(node.setRack(rack));
      }
    }

    /** Has the answer name it, once. Version 10 on. */
    void addTo(ProduceResponseData answer) {
      if (answer.nodeEndpoints().find(id) == null) {
        var node = new ProduceResponseData.NodeEndpoint().setNodeId(id).setHost(host).setPort(port);
        answer.nodeEndpoints().add(node.setRack(rack));
      }
    }
  }

  /** Whether an answer with that error tells who leads: the client knows another leader. */
  static boolean areNamedFor(Errors error) {
    return error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH;
  }

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
