package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.security.Grant;
import io.millrace.security.Tickets;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/**
 * {@code POST /api/v1/tickets}: trades a login for a ticket that begins one session of a browser.
 * Thread-safe.
 */
public final class TicketRoutes implements Routes {
  private final Tickets tickets;
  private final Function<RoutingContext, Grant> login;

  /**
   * @param login as whom a request acts; fails with a {@link ProblemException} when it must log in
   */
  public TicketRoutes(Tickets tickets, Function<RoutingContext, Grant> login) {
    this.tickets = tickets;
    this.login = login;
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router.post("/api/v1/tickets").handler(context -> issue(context, loop));
  }

  private void issue(RoutingContext context, EventLoop loop) {
    String ticket =
        tickets.issue(
            login.apply(context),
            context.request().getHeader("origin"),
            context.request().remoteAddress().hostAddress(),
            loop.clock().monotonicMs());
    if (ticket == null) {
      new Problem(429, "THROTTLING_QUOTA_EXCEEDED", "Too many tickets wait for their use.", null)
          .hint("Each is good for 30 s: use them, or ask again later.")
          .answer(context);
      return;
    }
    context
        .response()
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(
            new JsonObject()
                .put("ticket", ticket)
                .put("expiresInMs", Tickets.LIFETIME_MS)
                .toBuffer());
  }
}
