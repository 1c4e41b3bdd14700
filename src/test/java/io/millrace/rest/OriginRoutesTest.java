package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.security.OriginPolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the web door answers to pages of its own, of listed and of foreign origins. */
class OriginRoutesTest {
  private static final String LISTED = "https://shop.example";
  private static final String FOREIGN = "https://evil.example";
  private static final String READABLE_BY = "access-control-allow-origin";

  private ServedRoutes served;
  private int port;

  @BeforeEach
  void open() throws Exception {
    served =
        new ServedRoutes(
            (router, loop) ->
                new OriginRoutes(OriginPolicy.of(List.of(LISTED))).mount(router, loop));
    port = served.port();
  }

  @AfterEach
  void close() throws Exception {
    served.close();
  }

  private HttpResponse<String> send(String method, String origin, Version version)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/thing"))
            .version(version)
            .method(method, BodyPublishers.noBody());
    if (origin != null) {
      request.header("Origin", origin);
    }
    if (method.equals("OPTIONS")) {
      request.header("Access-Control-Request-Method", "DELETE");
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String origin) throws Exception {
    return send(method, origin, Version.HTTP_1_1);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void servesItsOwnPagesByEveryVersionOfHttp(Version version) throws Exception {
    String own = "http://127.0.0.1:" + port;

    assertThat(send("DELETE", own, version).statusCode()).isEqualTo(200);
  }

  @Test
  void servesPrograms() throws Exception {
    assertThat(send("DELETE", null).statusCode()).isEqualTo(200);
  }

  @Test
  void letsListedOriginsReadAndChange() throws Exception {
    HttpResponse<String> deleted = send("DELETE", LISTED);

    assertThat(deleted.statusCode()).isEqualTo(200);
    assertThat(deleted.headers().firstValue(READABLE_BY)).contains(LISTED);
    assertThat(deleted.headers().firstValue("vary")).contains("origin");
    HttpResponse<String> preflight = send("OPTIONS", LISTED);
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-methods").orElse(""))
        .contains("DELETE");
  }

  @Test
  void letsForeignPagesNeitherChangeNorRead() throws Exception {
    for (String unsafe : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
      HttpResponse<String> refused = send(unsafe, FOREIGN);
      assertThat(refused.statusCode()).as(unsafe).isEqualTo(403);
      assertThat(refused.headers().firstValue(READABLE_BY)).as(unsafe).isEmpty();
      assertThat(refused.body()).contains("http.origins");
    }
    assertThat(send("GET", FOREIGN).headers().firstValue(READABLE_BY)).isEmpty();
  }
}
