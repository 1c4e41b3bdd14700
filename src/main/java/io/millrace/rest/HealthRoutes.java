package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.problem.Problem;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;

/**
 * {@code /livez} and {@code /readyz}, as Kubernetes asks for them: the process answers; it serves
 * clients. Thread-safe.
 */
public final class HealthRoutes implements Routes {
  private final BooleanSupplier ready;

  /**
   * @param ready whether clients are served; called on any event loop
   */
  public HealthRoutes(BooleanSupplier ready) {
    this.ready = ready;
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    Routes.read(router.route("/livez")).handler(context -> ok(context, "live"));
    Routes.read(router.route("/readyz")).handler(this::readiness);
  }

  private void readiness(RoutingContext context) {
    if (ready.getAsBoolean()) {
      ok(context, "ready");
    } else {
      new Problem(503, "BROKER_NOT_AVAILABLE", "The broker does not serve clients yet.", null)
          .answer(context);
    }
  }

  private static void ok(RoutingContext context, String status) {
    context
        .response()
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(new JsonObject().put("status", status).toBuffer());
  }
}
