package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
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

  /** A route that is read: HEAD is answered as GET, without the body. */
  static Route read(Route route) {
    return route.method(HttpMethod.GET).method(HttpMethod.HEAD);
  }
}
