package io.millrace.app;

import io.millrace.cluster.peer.PeerServices;
import io.millrace.cluster.peer.SocketPeerLink;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.event.EventLog;
import io.millrace.eventloop.VertxLoops;
import io.millrace.handler.Handlers;
import io.millrace.metadata.Endpoint;
import io.millrace.metrics.Metrics;
import io.millrace.network.AnswerOrder;
import io.millrace.network.NetworkSettings;
import io.millrace.network.TcpServer;
import io.millrace.network.ToldElsewhere;
import io.millrace.quota.ConnectionCount;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The port on which other brokers reach this one. It is open before anything is asked of others,
 * and what it answers grows with the start. Thread-safe.
 */
final class PeerPort {
  /** Connections that are served, and those of one address: brokers need a few each. */
  private static final int CONNECTIONS_MAX = 4096;

  static final int CONNECTIONS_PER_ADDRESS_MAX = 1024;

  /** A connection that asks nothing for so long is closed; the next request opens another. */
  private static final long IDLE_MS = TimeUnit.MINUTES.toMillis(10);

  private final PeerServices services = new PeerServices();
  private final String host;
  private final int port;
  private final SocketPeerLink link;
  private final TcpServer server;

  /** What a port is opened with. */
  record Ground(
      Vertx vertx,
      VertxLoops loops,
      BrokerConfig config,
      NetworkSettings network,
      Metrics metrics,
      EventLog events) {}

  private PeerPort(Ground ground, String host, int port, int brokerId) {
    this.host = host;
    this.port = port;
    this.link =
        new SocketPeerLink(
            ground.vertx(), ground.loops(), "broker-" + brokerId, ground.network().frameBytesMax());
    this.server =
        new TcpServer(
            ground.vertx(),
            ground.loops(),
            settings(ground.network(), host, port),
            PeerHandlers.ofSearch(services),
            SliceRecords::of,
            ToldElsewhere.NOBODY,
            ground.metrics(),
            ground.events(),
            AnswerOrder.AS_READY);
  }

  private static NetworkSettings settings(NetworkSettings clients, String host, int port) {
    return new NetworkSettings(
        List.of(new NetworkSettings.Listener(Endpoint.PEER, host, port)),
        clients.loops(),
        clients.frameBytesMax(),
        clients.memoryBytes(),
        IDLE_MS,
        ConnectionCount.Limits.of(CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX),
        clients.sendBufferBytes(),
        clients.receiveBufferBytes(),
        clients.backlog());
  }

  /**
   * Opens the port that is written down or that was found before, else the first that is free.
   *
   * @param host address to bind
   * @param file keeps the port that was found
   * @return fails with {@link StartException} when there is none
   */
  static Future<PeerPort> open(Ground ground, String host, ClusterFile file, int brokerId) {
    int written =
        ground.config().isWritten(BrokerKeys.CLUSTER_PORT)
            ? ground.config().get(BrokerKeys.CLUSTER_PORT)
            : file.port();
    if (written > 0) {
      return open(ground, host, written, brokerId)
          .recover(fault -> Future.failedFuture(taken(host, written, file, fault)));
    }
    return search(ground, host, 0, brokerId)
        .map(
            opened -> {
              file.keepPort(opened.port);
              return opened;
            });
  }

  private static Future<PeerPort> search(Ground ground, String host, int number, int brokerId) {
    if (number == JoinPlan.SLOTS) {
      return Future.failedFuture(
          new StartException(
              "No port for other brokers is free at "
                  + host
                  + ": "
                  + JoinPlan.SLOTS
                  + " were tried from "
                  + JoinPlan.FIRST_PORT
                  + " on; write one in cluster.port, or correct cluster.host."));
    }
    int port = JoinPlan.FIRST_PORT + number * JoinPlan.SLOT_PORTS;
    if (!areFree(host, port)) {
      return search(ground, host, number + 1, brokerId);
    }
    return open(ground, host, port, brokerId)
        .recover(
            fault ->
                PortCheck.isBindFault(fault)
                    ? search(ground, host, number + 1, brokerId)
                    : Future.failedFuture(fault));
  }

  private static boolean areFree(String host, int first) {
    for (int port = first; port < first + JoinPlan.SLOT_PORTS; port++) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(host, port), 1);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static Future<PeerPort> open(Ground ground, String host, int port, int brokerId) {
    PeerPort opened = new PeerPort(ground, host, port, brokerId);
    return opened
        .server
        .start()
        .map(opened)
        .recover(fault -> opened.close().transform(closed -> Future.failedFuture(fault)));
  }

  private static StartException taken(String host, int port, ClusterFile file, Throwable fault) {
    return new StartException(
        "The port for other brokers cannot be opened at "
            + host
            + ":"
            + port
            + " ("
            + fault.getMessage()
            + "): another process may have it, or cluster.host is not this machine's. It is"
            + " from cluster.port in the configuration, or was kept in "
            + file
            + "; write another one in cluster.port.",
        fault);
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  SocketPeerLink link() {
    return link;
  }

  /** Answers to messages of our own; more can be added at any time. */
  PeerServices services() {
    return services;
  }

  /** Answers these APIs too from now on. */
  void serve(Handlers handlers) {
    server.serve(handlers);
  }

  /** Closes the port and all connections to others. */
  Future<Void> close() {
    return server.stop().transform(stopped -> link.close());
  }
}
