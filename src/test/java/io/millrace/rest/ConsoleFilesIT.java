package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the console and the client module come to a browser: kept, packed, and kept in. */
@Tag("it")
class ConsoleFilesIT extends RestFixture {
  private static final Pattern SCRIPT = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"");

  @Test
  void pageIsAskedForAgainAndAnsweredShortlyWhenUnchanged() throws Exception {
    HttpResponse<String> page = send(request("/").GET());
    String etag = header(page, "etag");

    HttpResponse<String> again = send(request("/").header("If-None-Match", etag).GET());

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "cache-control")).isEqualTo("no-cache");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void assetsAreKeptForeverAndComePacked() throws Exception {
    Matcher script = SCRIPT.matcher(send(request("/").GET()).body());
    assertThat(script.find()).isTrue();

    HttpResponse<String> plain = send(request(script.group(1)).GET());
    HttpResponse<String> packed =
        send(request(script.group(1)).header("Accept-Encoding", "br, gzip").GET());

    assertThat(header(plain, "cache-control")).contains("immutable").contains("max-age=31536000");
    assertThat(header(plain, "content-type")).startsWith("text/javascript");
    assertThat(header(packed, "content-encoding")).isEqualTo("br");
    assertThat(header(packed, "vary")).containsIgnoringCase("accept-encoding");
  }

  @Test
  void pageMayRunItsOwnScriptsAndTalkToThisBrokerOnly() throws Exception {
    HttpResponse<String> page = send(request("/").GET());

    assertThat(header(page, "content-security-policy"))
        .contains("default-src 'none'")
        .contains("script-src 'self';")
        .contains("connect-src 'self'")
        .contains("frame-ancestors 'none'");
    assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
  }

  @Test
  void viewsOfTheConsoleAreItsPage() throws Exception {
    assertThat(
            send(request("/topics/orders?tab=records").header("Accept", "text/html").GET()).body())
        .contains("<div id=\"app\">");
    assertThat(send(request("/api/v1/nothing").header("Accept", "text/html").GET()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aPageIsLoadedAgainWhateverDotsItsTopicHas() throws Exception {
    for (String path : List.of("/topics/orders.v1", "/topics/a.js", "/groups/billing.eu-1.2")) {
      assertThat(send(request(path).GET()).body()).as(path).contains("<div id=\"app\">");
    }
  }

  @Test
  void whoAsksForNoPageAtAWrongAddressGetsNone() throws Exception {
    assertThat(send(request("/healthz").GET()).statusCode()).isEqualTo(404);
    assertThat(send(request("/healthz").header("Accept", "text/html").GET()).body())
        .contains("<div id=\"app\">");
  }

  @Test
  void probesMayAskByHead() throws Exception {
    for (String path : List.of("/livez", "/readyz", "/metrics")) {
      HttpResponse<String> head = send(request(path).method("HEAD", BodyPublishers.noBody()));

      assertThat(head.statusCode()).as(path).isEqualTo(200);
      assertThat(header(head, "content-type")).as(path).doesNotContain("html");
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void headIsAnsweredAsGetWithoutTheBody() throws Exception {
    HttpResponse<String> head = send(request("/").method("HEAD", BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(Integer.parseInt(header(head, "content-length"))).isPositive();
    assertThat(head.body()).isEmpty();
  }

  @Test
  void clientModuleMayBeLoadedByPagesOfOtherOrigins() throws Exception {
    HttpResponse<String> module = send(request("/client/millrace.js").GET());

    assertThat(header(module, "access-control-allow-origin")).isEqualTo("*");
    assertThat(module.body()).contains("export class Millrace");
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
