package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.Cluster;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.metrics.LocalMetrics;
import io.millrace.quota.Quotas;
import io.millrace.rest.view.Sources;
import io.millrace.rest.view.View;
import io.millrace.rest.view.Views;
import io.millrace.security.Authorizer;
import io.millrace.security.Grant;
import io.millrace.security.Tickets;
import io.millrace.testkit.SetClock;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The description of the interface says what its routes are, and nothing else. */
class DescriptionTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private final Vertx vertx = Vertx.vertx();
  private final VertxLoops loops = new VertxLoops(vertx, new SetClock(0), 1);
  private final EventLoop loop = loops.on("test", vertx.getOrCreateContext());
  private final Views views;
  private final Router router = Router.router(vertx);

  DescriptionTest() {
    Cluster cluster =
        (Cluster)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Cluster.class}, (p, m, a) -> null);
    Sources sources =
        new Sources(
            loop,
            null,
            cluster,
            null,
            null,
            null,
            null,
            null,
            new LocalMetrics(),
            Authorizer.ALLOW_ALL,
            null,
            null,
            null,
            null);
    views = new Views(sources);
    new Api(sources, views, Quotas.UNLIMITED).mount(router, loop);
    new HealthRoutes(() -> true).mount(router, loop);
    new TicketRoutes(new Tickets(bytes -> {}, 1, 1), request -> Grant.ANONYMOUS)
        .mount(router, loop);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
    loops.close();
  }

  private Set<String> routed() {
    Set<String> routed = new TreeSet<>();
    for (Route route : router.getRoutes()) {
      Set<HttpMethod> methods = route.methods();
      if (methods != null && !route.getPath().endsWith("*")) {
        // HEAD is what GET answers without its body.
        methods.stream()
            .filter(method -> method != HttpMethod.HEAD)
            .forEach(
                method ->
                    routed.add(
                        method.name().toLowerCase(Locale.ROOT)
                            + " "
                            + route.getPath().replaceAll(":(\\w+)", "{$1}")));
      }
    }
    return routed;
  }

  private static Set<String> described() throws Exception {
    JsonObject paths = new Schemas().description().getJsonObject("paths");
    Set<String> described = new TreeSet<>();
    for (String path : paths.fieldNames()) {
      paths.getJsonObject(path).fieldNames().stream()
          .filter(METHODS::contains)
          .forEach(method -> described.add(method + " " + path));
    }
    return described;
  }

  @Test
  void describesEachRouteAndNothingElse() throws Exception {
    assertThat(described()).isNotEmpty().isEqualTo(routed());
  }

  @Test
  void saysWhichDocumentsCanBeWatched() throws Exception {
    JsonObject paths = new Schemas().description().getJsonObject("paths");
    Set<String> described =
        paths.fieldNames().stream()
            .filter(
                path ->
                    paths
                        .getJsonObject(path)
                        .getJsonObject("get", new JsonObject())
                        .getBoolean("x-watchable", false))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(described)
        .isEqualTo(views.all().stream().map(View::address).collect(Collectors.toSet()));
  }

  @Test
  void namesTheParametersThatAreKnown() throws Exception {
    JsonObject paths = new Schemas().description().getJsonObject("paths");
    for (View view : views.all()) {
      JsonObject get = paths.getJsonObject(view.address()).getJsonObject("get");
      Set<String> described =
          get.getJsonArray("parameters", new io.vertx.core.json.JsonArray()).stream()
              .map(parameter -> ((JsonObject) parameter).getString("name"))
              .collect(Collectors.toSet());

      assertThat(described).as(view.address()).isEqualTo(view.parameters());
    }
  }
}
