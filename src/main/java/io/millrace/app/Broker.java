package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.VertxLoops;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.Handlers;
import io.millrace.metrics.LocalMetrics;
import io.millrace.network.NetworkSettings;
import io.millrace.network.TcpServer;
import io.millrace.protocol.FileRecords;
import io.millrace.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;

/**
 * A running broker. Parts start from the inside out, so that a listener opens only when everything
 * behind it works, and stop from the outside in. Thread-safe.
 */
public final class Broker {
  private final Vertx vertx;
  private final VertxLoops loops;
  private final LocalMetrics metrics;
  private final TcpServer server;

  private Broker(Vertx vertx, VertxLoops loops, LocalMetrics metrics, TcpServer server) {
    this.vertx = vertx;
    this.loops = loops;
    this.metrics = metrics;
    this.server = server;
  }

  /**
   * Starts a broker.
   *
   * @return fails with {@link StartException} when an operator can mend what stands in the way;
   *     what had been opened is closed again then
   */
  public static Future<Broker> start(BrokerConfig config, StartOptions options) {
    int cores = Runtime.getRuntime().availableProcessors();
    NetworkSettings network;
    try {
      network = NetworkConfig.of(config, cores);
      PortCheck.check(network.listeners());
    } catch (StartException e) {
      return Future.failedFuture(e);
    }
    Clock clock = new SystemClock();
    Vertx vertx = Transports.start(new VertxOptions().setEventLoopPoolSize(network.loops()));
    VertxLoops loops = new VertxLoops(vertx, clock, cores);
    LocalMetrics metrics = new LocalMetrics();
    List<ApiHandler<?>> handlers = List.of();
    TcpServer server =
        new TcpServer(
            vertx, loops, network, new Handlers(handlers), FileRecords.Source.NONE, metrics);
    Broker broker = new Broker(vertx, loops, metrics, server);
    return server
        .start()
        .map(broker)
        .recover(fault -> broker.stop().transform(done -> Future.failedFuture(fault)));
  }

  /** The port of a listener, also where the configuration says 0. */
  public int port(String listener) {
    return server.port(listener);
  }

  /** What the parts have counted. */
  public LocalMetrics metrics() {
    return metrics;
  }

  /** Stops everything; completes when all files are closed. */
  public Future<Void> stop() {
    return server
        .stop()
        .eventually(vertx::close)
        .eventually(
            () -> {
              loops.close();
              return Future.succeededFuture();
            });
  }
}
