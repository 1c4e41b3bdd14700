package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AllowedMethodsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Router router = Router.router(vertx);

  private static void serve(Route route) {
    route.handler(RoutingContext::end);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void joinsTheMethodsOfAllRoutesOfAnAddress() {
    router.route("/api/*").handler(context -> context.next());
    serve(Routes.read(router.route("/api/topics/:topic")));
    serve(router.delete("/api/topics/:topic"));
    serve(router.post("/api/topics/:topic/records"));

    AllowedMethods methods = new AllowedMethods(router);

    assertThat(methods.at("/api/topics/orders.v1")).isEqualTo("DELETE, GET, HEAD");
    assertThat(methods.at("/api/topics/orders.v1/records")).isEqualTo("POST");
  }

  @Test
  void takesAFolderWithAllThatIsBelow() {
    serve(Routes.read(router.route("/client/*")));
    serve(router.post("/clients"));

    AllowedMethods methods = new AllowedMethods(router);

    assertThat(methods.at("/client/parts/one.js")).isEqualTo("GET, HEAD");
    assertThat(methods.at("/clients")).isEqualTo("POST");
  }

  @Test
  void takesExpressionsWhereNoOtherRouteIs() {
    serve(router.routeWithRegex("^/(?!api/).*").method(HttpMethod.GET));
    serve(router.post("/api/topics"));

    AllowedMethods methods = new AllowedMethods(router);

    assertThat(methods.at("/brokers/1")).isEqualTo("GET");
    assertThat(methods.at("/api/topics")).isEqualTo("POST");
  }
}
