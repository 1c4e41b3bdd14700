package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.handler.Handlers;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ConfigScope;
import io.millrace.network.AnswerOrder;
import io.millrace.network.NetworkSettings;
import io.millrace.network.TcpServer;
import io.millrace.network.ToldElsewhere;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of Kafka's clients. Confined to: the control loop. */
final class ClientDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ClientDoor.class);

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
  }

  /** Opens the listeners. */
  Future<Void> open() {
    return parts
        .cluster()
        .addListener(parts.loops().control(), this::followLimits)
        .compose(added -> server.start())
        .recover(fault -> Future.failedFuture(notBound(fault)));
  }

  TcpServer server() {
    return server;
  }

  /** The limits on connections can be changed while the broker runs. */
  private void followLimits(ClusterChange change, Runnable done) {
    if (change.configs().stream().anyMatch(scope -> scope.kind() == ConfigScope.Kind.BROKER)) {
      try {
        BrokerConfig now = parts.cluster().effectiveConfigs().broker(change.now());
        server.changeLimits(NetworkConfig.of(now, Runtime.getRuntime().availableProcessors()));
      } catch (StartException e) {
        LOG.warn("the limits on connections stay as they were: {}", e.getMessage());
      }
    }
    done.run();
  }

  private Throwable notBound(Throwable fault) {
    return PortCheck.isBindFault(fault)
        ? PortCheck.refused(network.listeners().get(0), fault)
        : fault;
  }
}
