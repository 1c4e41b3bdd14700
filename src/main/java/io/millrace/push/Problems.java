package io.millrace.push;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers over HTTP with problem details (RFC 9457). Stateless. */
final class Problems {
  private Problems() {}

  /**
   * Answers.
   *
   * @param code a name for programs, Kafka's where there is one
   * @param detail a sentence that names what was wrong
   * @param hint what to do, or null
   */
  static void answer(
      HttpServerResponse response, int status, String code, String detail, @Nullable String hint) {
    JsonObject problem =
        new JsonObject()
            .put("type", "about:blank")
            .put("status", status)
            .put("code", code.toUpperCase(Locale.ROOT).replace('-', '_'))
            .put("detail", detail);
    if (hint != null) {
      problem.put("hint", hint);
    }
    response
        .setStatusCode(status)
        .putHeader("content-type", "application/problem+json")
        .end(problem.toBuffer());
  }
}
