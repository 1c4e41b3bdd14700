package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.quota.Quotas;
import io.millrace.rest.view.Sources;
import io.millrace.rest.view.Views;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;

/** The JSON interface under {@code /api/v1}. Thread-safe. */
public final class Api implements Routes {
  private static final long BODY_BYTES_MAX = 1 << 20;
  private static final long RECORDS_BYTES_MAX = 10 << 20;

  private final List<Routes> rooms;

  /** The interface to one broker. */
  public Api(Sources sources, Views views, Quotas quotas) {
    rooms =
        List.of(
            new ViewRoutes(sources.views(), views.all()),
            new TopicRoutes(sources, views),
            new ConfigRoutes(sources, views),
            new RecordRemoval(sources),
            new ClusterRoutes(sources),
            new GroupRoutes(sources),
            new SocketRoutes(sources),
            new RecordRoutes(sources, quotas),
            new MetricsRoutes(sources, views));
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    BodyHandler records = BodyHandler.create(false).setBodyLimit(RECORDS_BYTES_MAX);
    router.post("/api/v1/topics/:topic/records").handler(records);
    BodyHandler body = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
    // For every method, so that an address that is not there is not taken for a foreign method.
    router.route("/api/v1/*").handler(context -> read(context, body));
    rooms.forEach(room -> room.mount(router, loop));
  }

  private static void read(RoutingContext context, BodyHandler body) {
    HttpMethod method = context.request().method();
    if (method == HttpMethod.GET || method == HttpMethod.HEAD) {
      context.next();
    } else {
      body.handle(context);
    }
  }
}
