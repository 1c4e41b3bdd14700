package io.millrace.rest.problem;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as problem details (RFC 9457) with Kafka's error name. Immutable.
 *
 * @param status HTTP status
 * @param code Kafka's name of the error, for programs
 * @param detail a sentence that names what was wrong
 * @param hint what to do, or null
 */
public record Problem(int status, String code, String detail, @Nullable String hint) {
  /** Content type of every problem. */
  public static final String CONTENT_TYPE = "application/problem+json";

  /** A problem of a request that makes no sense. */
  public static Problem badRequest(String detail) {
    return new Problem(400, Errors.INVALID_REQUEST.name(), detail, null);
  }

  /** What Kafka's error means over HTTP, with Kafka's own sentence unless there is a better one. */
  public static Problem of(Errors error, @Nullable String detail) {
    return new Problem(
        status(error), error.name(), detail == null ? error.message() : detail, null);
  }

  /** The same with what to do about it. */
  public Problem hint(String hint) {
    return new Problem(status, code, detail, hint);
  }

  private static int status(Errors error) {
    return switch (error) {
      case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, GROUP_ID_NOT_FOUND, RESOURCE_NOT_FOUND ->
          404;
      case TOPIC_ALREADY_EXISTS,
          NON_EMPTY_GROUP,
          GROUP_SUBSCRIBED_TO_TOPIC,
          REBALANCE_IN_PROGRESS ->
          409;
      case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE -> 413;
      case OFFSET_OUT_OF_RANGE -> 416;
      case TOPIC_AUTHORIZATION_FAILED,
          GROUP_AUTHORIZATION_FAILED,
          CLUSTER_AUTHORIZATION_FAILED,
          TRANSACTIONAL_ID_AUTHORIZATION_FAILED ->
          403;
      case THROTTLING_QUOTA_EXCEEDED -> 429;
      case UNKNOWN_SERVER_ERROR -> 500;
      default -> error.exception() instanceof RetriableException ? 503 : 400;
    };
  }

  /** As JSON. */
  public JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title())
            .put("status", status)
            .put("code", code)
            .put("detail", detail);
    return hint == null ? json : json.put("hint", hint);
  }

  private String title() {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }

  /** Answers with it, unless an answer has begun. */
  public void answer(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (!response.headWritten()) {
      response.setStatusCode(status).putHeader("content-type", CONTENT_TYPE).end(json().toBuffer());
    }
  }
}
