package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.vertx.ext.web.Router;

/** A room behind the web door. Its routes are added once for each event loop. */
@FunctionalInterface
public interface Routes {

  /**
   * Adds the routes.
   *
   * @param router of one event loop; the handlers run on it
   * @param loop that loop
   */
  void mount(Router router, EventLoop loop);
}
