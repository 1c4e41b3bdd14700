package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.view.Sources;
import io.millrace.rest.view.Views;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;

/** The JSON interface under {@code /api/v1}. Thread-safe. */
public final class Api implements Routes {
  private static final long BODY_BYTES_MAX = 1 << 20;

  private final List<Routes> rooms;

  /** The interface to one broker. */
  public Api(Sources sources, Views views) {
    rooms = List.of(new ViewRoutes(sources.views(), views.all()), new TopicRoutes(sources, views));
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
    router.post("/api/v1/*").handler(body);
    router.patch("/api/v1/*").handler(body);
    rooms.forEach(room -> room.mount(router, loop));
  }
}
