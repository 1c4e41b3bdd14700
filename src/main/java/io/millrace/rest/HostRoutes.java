package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.problem.Problem;
import io.millrace.security.HostPolicy;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The first check, before that of origins: whether the door is served under the name that was
 * dialled. If not, the answer is 421 (Misdirected Request, RFC 9110 15.5.20) whatever was asked.
 *
 * <p>Immutable.
 */
public final class HostRoutes implements Routes {
  private final HostPolicy hosts;

  /** The check by this policy. */
  public HostRoutes(HostPolicy hosts) {
    this.hosts = hosts;
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router.route().order(-2).handler(this::check);
  }

  private void check(RoutingContext context) {
    String host = OriginRoutes.host(context.request());
    if (hosts.serves(host)) {
      context.next();
      return;
    }
    new Problem(
            421,
            "MISDIRECTED_REQUEST",
            "This broker is not served under the name " + host + ".",
            null)
        .hint(
            "Dial its address or its own name; http.hosts lists further names under which it may be"
                + " dialled.")
        .answer(context);
  }
}
