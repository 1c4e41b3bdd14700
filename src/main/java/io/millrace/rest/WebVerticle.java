package io.millrace.rest;

import io.millrace.browser.RefusedException;
import io.millrace.eventloop.EventLoop;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the web door on one event loop. Confined to: that loop. */
final class WebVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebVerticle.class);
  private static final int HEADER_BYTES_MAX = 16 << 10;
  private static final int IDLE_SECONDS = 75;
  private static final int DRAIN_SECONDS = 2;
  private static final int SHARED_FREE_PORT = -1000;

  /** What Vert.x gives the failure of a request whose body ends before its time. */
  private static final int CUT = 200;

  private static final int WEBSOCKET_FRAME_BYTES_MAX = 1 << 20;

  private final WebServer server;
  private final int number;
  private HttpServer http;

  WebVerticle(WebServer server, int number) {
    this.server = server;
    this.number = number;
  }

  @Override
  public Future<?> start() {
    EventLoop loop = server.loops().on("web-" + number, context);
    Router router = Router.router(vertx);
    router.route().handler(WebVerticle::checkAddress);
    server.routes().forEach(routes -> routes.mount(router, loop));
    router.errorHandler(404, WebVerticle::notFound);
    AllowedMethods methods = new AllowedMethods(router);
    router.errorHandler(405, context -> notAllowed(context, methods));
    router.errorHandler(413, WebVerticle::tooLarge);
    router.errorHandler(417, WebVerticle::notExpected);
    router.errorHandler(CUT, WebVerticle::cut);
    router.errorHandler(400, this::failed);
    router.errorHandler(500, this::failed);
    http =
        vertx
            .createHttpServer(options())
            .connectionHandler(connection -> server.connections().take(channel(connection)))
            .requestHandler(router);
    // A negative port is one free port that the verticles share; the listeners of the Kafka
    // protocol count theirs from -1 downward.
    int port = server.settings().port();
    return http.listen(port == 0 ? SHARED_FREE_PORT : port, host())
        .onSuccess(listening -> server.bound(listening.actualPort()));
  }

  private static Channel channel(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext().channel();
  }

  private String host() {
    String host = server.settings().host();
    return host.isEmpty() ? "0.0.0.0" : host;
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setReuseAddress(true)
        .setTcpNoDelay(true)
        // No browser speaks HTTP/2 without TLS; what nobody uses cannot be abused.
        .setHttp2ClearTextEnabled(false)
        .setMaxHeaderSize(HEADER_BYTES_MAX)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setMaxWebSocketFrameSize(WEBSOCKET_FRAME_BYTES_MAX)
        .setMaxWebSocketMessageSize(WEBSOCKET_FRAME_BYTES_MAX)
        .setWebSocketSubProtocols(List.of("millrace.v1.json", "millrace.v1.bin"))
        // A browser offers compression always, and it would cost several times a record's own work.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  /** Escapes that are none would end as a fault of the program where the address is decoded. */
  private static void checkAddress(RoutingContext context) {
    if (hasBrokenEscape(context.request().uri())) {
      Problem.badRequest("The address has a % without two hexadecimal digits behind it.")
          .hint("Write %25 for the character itself.")
          .answer(context);
    } else {
      context.next();
    }
  }

  private static boolean hasBrokenEscape(String uri) {
    for (int at = uri.indexOf('%'); at >= 0; at = uri.indexOf('%', at + 1)) {
      if (at + 2 >= uri.length()
          || Character.digit(uri.charAt(at + 1), 16) < 0
          || Character.digit(uri.charAt(at + 2), 16) < 0) {
        return true;
      }
    }
    return false;
  }

  private static void notExpected(RoutingContext context) {
    new Problem(417, "INVALID_REQUEST", "Nothing but 100-continue can be expected.", null)
        .answer(context);
  }

  /** The connection went before the body was there, or the body is no body. */
  private static void cut(RoutingContext context) {
    if (!context.response().closed()) {
      Problem.badRequest("The body of the request cannot be read.").answer(context);
    }
  }

  private static void notFound(RoutingContext context) {
    new Problem(404, "NOT_FOUND", "There is nothing at " + context.request().path() + ".", null)
        .hint("The addresses are listed in /openapi.json.")
        .answer(context);
  }

  private static void notAllowed(RoutingContext context, AllowedMethods methods) {
    String detail = context.request().method() + " is not for " + context.request().path() + ".";
    String allowed = methods.at(context.normalizedPath());
    context.response().putHeader("allow", allowed);
    new Problem(405, "METHOD_NOT_ALLOWED", detail, null)
        .hint("It takes " + allowed + ".")
        .answer(context);
  }

  private static void tooLarge(RoutingContext context) {
    new Problem(413, "REQUEST_TOO_LARGE", "The body of the request is too large.", null)
        .answer(context);
  }

  private void failed(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof ProblemException known) {
      known.problem().answer(context);
      return;
    }
    if (failure instanceof RefusedException refused) {
      ApiRequest.problem(refused).answer(context);
      return;
    }
    if (context.statusCode() == 400) {
      Problem.badRequest("The request cannot be read.").answer(context);
      return;
    }
    LOG.atError()
        .addKeyValue("path", context.request().path())
        .setCause(failure)
        .log("a web request failed by a fault of the program");
    new Problem(500, "UNKNOWN_SERVER_ERROR", "The broker failed at this request.", null)
        .hint("Its log says why.")
        .answer(context);
  }

  @Override
  public Future<?> stop() {
    return http == null ? Future.succeededFuture() : http.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
  }
}
