package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.rest.problem.Problem;
import io.millrace.security.WebNodes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console, the client module and the descriptions from the jar. A file is read once, on
 * a worker, when it is first asked for, and only what lies in the jar is kept, so that asking
 * cannot make memory grow. Thread-safe.
 */
public final class StaticRoutes implements Routes {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._/-]*");

  /** Pages of the console; names of topics and groups may have dots. */
  private static final Pattern PAGES =
      Pattern.compile("/(?:topics|groups|sockets|brokers|events)(?:/.*)?");

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]+");
  private static final String FOREVER = "public, max-age=31536000, immutable";
  private static final String INDEX = "console/index.html";

  /** The other doors say themselves what is not there. */
  private static final String NOT_OTHERS = "^/(?!(?:api|ws|sse|client)(?:/|$)).*";

  private final Map<String, StaticFile> known = new ConcurrentHashMap<>();
  private final WebNodes nodes;

  /**
   * @param nodes where else in the cluster a page may go on
   */
  public StaticRoutes(WebNodes nodes) {
    this.nodes = nodes;
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    for (String description : List.of("openapi.json", "asyncapi.json")) {
      Routes.read(router.route("/" + description))
          .handler(context -> serve(context, loop, "api/" + description, false));
    }
    Routes.read(router.route("/client/*")).handler(context -> client(context, loop));
    Routes.read(router.routeWithRegex(NOT_OTHERS)).handler(context -> console(context, loop));
  }

  private void client(RoutingContext context, EventLoop loop) {
    String path = context.request().path().substring(1);
    if (isSafe(path)) {
      // Pages of other origins may load the module; whether they may use the broker is asked later.
      context.response().putHeader("access-control-allow-origin", "*");
      serve(context, loop, path, false);
    } else {
      context.next();
    }
  }

  private void console(RoutingContext context, EventLoop loop) {
    String path = context.request().path();
    String name = path.equals("/") ? "index.html" : path.substring(1);
    boolean page = isPage(context.request());
    if (!isSafe(name)) {
      if (page) {
        serve(context, loop, INDEX, false);
      } else {
        context.next();
      }
      return;
    }
    serve(context, loop, "console/" + name, page);
  }

  private static boolean isSafe(String path) {
    return SAFE.matcher(path).matches() && !path.contains("..") && !path.endsWith("/");
  }

  /**
   * Whether the console shows something at an address, or says itself that there is nothing. Who
   * does not ask for a page, as a probe of a wrong address, is told that there is none.
   */
  private static boolean isPage(HttpServerRequest request) {
    String path = request.path();
    if (path.equals("/") || PAGES.matcher(path).matches()) {
      return true;
    }
    String accepted = request.getHeader("accept");
    boolean isFile = path.indexOf('.', path.lastIndexOf('/')) >= 0;
    return !isFile && accepted != null && accepted.contains("text/html");
  }

  /**
   * @param orIndex whether the console's page is served when there is no such file
   */
  private void serve(RoutingContext context, EventLoop loop, String path, boolean orIndex) {
    find(loop, path)
        .compose(file -> file == null && orIndex ? find(loop, INDEX) : Future.succeededFuture(file))
        .onSuccess(
            file -> {
              if (file != null) {
                send(context, file, path);
              } else if (orIndex) {
                noConsole(context);
              } else {
                context.next();
              }
            })
        .onFailure(context::fail);
  }

  private Future<@Nullable StaticFile> find(EventLoop loop, String path) {
    StaticFile file = known.get(path);
    if (file != null) {
      return Future.succeededFuture(file);
    }
    return loop.offload(Work.COLD_READ, () -> StaticFile.read(path))
        .onSuccess(
            read -> {
              if (read != null) {
                known.put(path, read);
              }
            });
  }

  private static void noConsole(RoutingContext context) {
    new Problem(404, "NOT_FOUND", "This broker was built without the web console.", null)
        .hint("Its JSON interface is described in /openapi.json.")
        .answer(context);
  }

  private void send(RoutingContext context, StaticFile file, String path) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    boolean hashed = path.startsWith("console/assets/");
    response
        .putHeader("content-type", file.type())
        .putHeader("cache-control", hashed ? FOREVER : "no-cache")
        .putHeader("etag", file.etag())
        .putHeader("vary", "accept-encoding")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "same-origin");
    if (file.type().startsWith("text/html")) {
      response.putHeader("content-security-policy", policy(request.getHeader("host")));
    }
    if (file.etag().equals(request.getHeader("if-none-match"))) {
      response.setStatusCode(304).end();
      return;
    }
    Buffer body = encoded(request, response, file);
    if (request.method() == HttpMethod.HEAD) {
      response.putHeader("content-length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  /**
   * No script but of this broker, no connection but to the cluster; styles may stand in the page.
   */
  private String policy(@Nullable String host) {
    StringBuilder connections = new StringBuilder();
    if (host != null && HOST.matcher(host).matches()) {
      connections.append(" ws://").append(host).append(" wss://").append(host);
      for (String other : nodes.others(host)) {
        for (String scheme : List.of("http", "https", "ws", "wss")) {
          connections.append(' ').append(scheme).append("://").append(other);
        }
      }
    }
    return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        + " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'"
        + connections
        + "; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  private static Buffer encoded(
      HttpServerRequest request, HttpServerResponse response, StaticFile file) {
    String accepted = String.valueOf(request.getHeader("accept-encoding"));
    if (file.brotli() != null && accepts(accepted, "br")) {
      response.putHeader("content-encoding", "br");
      return file.brotli();
    }
    if (file.gzip() != null && accepts(accepted, "gzip")) {
      response.putHeader("content-encoding", "gzip");
      return file.gzip();
    }
    return file.plain();
  }

  private static boolean accepts(String header, String coding) {
    for (String part : header.split(",")) {
      String[] pieces = part.strip().split(";");
      if (pieces[0].strip().equalsIgnoreCase(coding)) {
        return pieces.length == 1 || !pieces[1].strip().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }
}
