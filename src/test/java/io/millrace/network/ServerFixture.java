package io.millrace.network;

import io.millrace.event.EventLog;
import io.millrace.eventloop.VertxLoops;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.Handlers;
import io.millrace.metrics.LocalMetrics;
import io.millrace.protocol.FileRecords;
import io.millrace.quota.ConnectionCount;
import io.millrace.testkit.RealClock;
import io.millrace.time.Clock;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A TCP server with given handlers on a free port. Thread-safe. */
final class ServerFixture implements AutoCloseable {
  static final Clock CLOCK = new RealClock();

  /** Settings of a server on a free port with a frame limit of 1 MiB. */
  static final NetworkSettings SETTINGS =
      new NetworkSettings(
          List.of(new NetworkSettings.Listener("PLAINTEXT", "127.0.0.1", 0)),
          1,
          1 << 20,
          16 << 20,
          600_000,
          ConnectionCount.Limits.NONE,
          -1,
          -1,
          50);

  final Vertx vertx = Vertx.vertx();
  final VertxLoops loops = new VertxLoops(vertx, CLOCK, 2);
  final LocalMetrics metrics = new LocalMetrics();
  final TcpServer server;

  ServerFixture(NetworkSettings settings, FileRecords.Source source, ApiHandler<?>... handlers) {
    this(AnswerOrder.OF_REQUESTS, settings, source, handlers);
  }

  ServerFixture(
      AnswerOrder order,
      NetworkSettings settings,
      FileRecords.Source source,
      ApiHandler<?>... handlers) {
    server =
        new TcpServer(
            vertx,
            loops,
            settings,
            new Handlers(List.of(handlers)),
            source,
            ToldElsewhere.NOBODY,
            metrics,
            new EventLog(CLOCK),
            order);
    try {
      server.start().await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      try {
        close();
      } catch (Exception closing) {
        e.addSuppressed(closing);
      }
      throw new AssertionError(e);
    }
  }

  int port() {
    return server.port("PLAINTEXT");
  }

  WireClient connect() throws Exception {
    return new WireClient(port());
  }

  @Override
  public void close() throws Exception {
    server.stop().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
    loops.close();
  }
}
