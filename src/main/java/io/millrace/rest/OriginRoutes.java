package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.problem.Problem;
import io.millrace.security.OriginPolicy;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The check before all other routes: a page of a foreign origin changes nothing, and only pages of
 * origins that are listed may read answers (CORS). Immutable.
 */
public final class OriginRoutes implements Routes {
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
  private static final String HEADERS = "authorization, content-type, last-event-id";
  private static final String PREFLIGHT_AGE_SECONDS = "600";

  private final OriginPolicy origins;

  /** The check of this policy. */
  public OriginRoutes(OriginPolicy origins) {
    this.origins = origins;
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router.route().order(-1).handler(this::check);
  }

  private void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader("origin");
    String host = host(request);
    if (!origins.allows(request.method().name(), origin, host)) {
      refuse(context, origin);
      return;
    }
    if (origin == null || OriginPolicy.isSame(origin, host)) {
      context.next();
      return;
    }
    context.response().putHeader("vary", "origin");
    boolean listed = origins.mayRead(origin, host);
    if (listed) {
      context.response().putHeader("access-control-allow-origin", origin);
    }
    if (request.method() == HttpMethod.OPTIONS
        && request.headers().contains("access-control-request-method")) {
      preflight(context, origin, listed);
    } else {
      context.next();
    }
  }

  /** What the page dialled: {@code Host}, or what stands for it in HTTP/2. */
  static @Nullable String host(HttpServerRequest request) {
    String header = request.getHeader("host");
    HostAndPort authority = header == null ? request.authority() : null;
    if (authority == null) {
      return header;
    }
    return authority.port() < 0 ? authority.host() : authority.host() + ":" + authority.port();
  }

  private static void preflight(RoutingContext context, String origin, boolean listed) {
    if (!listed) {
      refuse(context, origin);
      return;
    }
    HttpServerResponse response = context.response();
    response
        .setStatusCode(204)
        .putHeader("access-control-allow-methods", METHODS)
        .putHeader("access-control-allow-headers", HEADERS)
        .putHeader("access-control-max-age", PREFLIGHT_AGE_SECONDS)
        .end();
  }

  private static void refuse(RoutingContext context, @Nullable String origin) {
    new Problem(
            403,
            "CLUSTER_AUTHORIZATION_FAILED",
            "Pages of " + origin + " may not use this broker.",
            null)
        .hint("The broker's http.origins lists the origins that may.")
        .answer(context);
  }
}
