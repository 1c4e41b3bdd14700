package io.millrace.app;

import io.millrace.handler.Handlers;
import io.millrace.network.AnswerOrder;
import io.millrace.network.NetworkSettings;
import io.millrace.network.TcpServer;
import io.millrace.network.ToldElsewhere;
import io.vertx.core.Future;

/** The listeners of Kafka's clients. Confined to: the control loop. */
final class ClientDoor {
  private final Parts parts;
  private final NetworkSettings network;
  private final TcpServer server;

  /**
   * Opens nothing yet.
   *
   * @param told which clients are told an address that is not this machine's
   */
  ClientDoor(Parts parts, NetworkSettings network, ToldElsewhere told) {
    this.parts = parts;
    this.network = network;
    Handlers handlers =
        HandlerList.of(
            parts.config(),
            parts.cluster(),
            parts.partitions(),
            parts.coordinators().here(),
            parts.metrics());
    this.server =
        new TcpServer(
            parts.loops().vertx(),
            parts.loops().factory(),
            network,
            handlers,
            SliceRecords::of,
            told,
            parts.metrics(),
            parts.events(),
            AnswerOrder.OF_REQUESTS);
    server.shareDescriptors(parts.descriptors());
  }

  /** Opens the listeners. */
  Future<Void> open() {
    return parts
        .cluster()
        .addListener(parts.loops().control(), new FollowedLimits(parts, server::changeLimits))
        .compose(added -> server.start())
        .recover(fault -> Future.failedFuture(notBound(fault)));
  }

  TcpServer server() {
    return server;
  }

  private Throwable notBound(Throwable fault) {
    return PortCheck.isBindFault(fault)
        ? PortCheck.refused(network.listeners().get(0), fault)
        : fault;
  }
}
