package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A web server with the given routes alone; whatever they let through is answered with {@code
 * done}.
 *
 * <p>Confined to: the test's thread.
 */
final class ServedRoutes implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final int port;

  /** Opens it; {@code routes} mounts them. */
  ServedRoutes(BiConsumer<Router, EventLoop> routes) throws Exception {
    Router router = Router.router(vertx);
    routes.accept(router, new SimScheduler(1).process("web").loop("web"));
    router.route().handler(context -> context.response().end("done"));
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS)
            .actualPort();
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
