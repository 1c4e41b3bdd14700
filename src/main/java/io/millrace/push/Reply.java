package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.vertx.core.json.JsonObject;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Answers to operations; the id of the operation is repeated as it stood. Stateless. */
final class Reply {
  private Reply() {}

  /** {@code {"op":"ok","id":…}} with more fields. */
  static String ok(@Nullable String id, JsonObject fields) {
    return of("ok", id, fields);
  }

  /** {@code {"op":"err","id":…}} with what went wrong. */
  static String error(@Nullable String id, RefusedException why) {
    return error(id, null, why);
  }

  /** The same for a subscription, which it names. */
  static String error(@Nullable String id, @Nullable Integer sub, RefusedException why) {
    JsonObject fields = new JsonObject();
    if (sub != null) {
      fields.put("sub", sub);
    }
    fields
        .put("code", why.error().name())
        .put("retry", isRetriable(why.error()))
        .put("msg", why.sentence());
    if (why.hint() != null) {
      fields.put("hint", why.hint());
    }
    return of("err", id, fields);
  }

  static boolean isRetriable(Errors error) {
    // Kafka's clients retry after fetching metadata; here the answer is final.
    return error != Errors.UNKNOWN_TOPIC_OR_PARTITION
        && error != Errors.UNKNOWN_TOPIC_ID
        && error != Errors.INCONSISTENT_TOPIC_ID
        && error.exception() instanceof RetriableException;
  }

  private static String of(String op, @Nullable String id, JsonObject fields) {
    String body = fields.encode();
    StringBuilder json = new StringBuilder(body.length() + 32);
    json.append("{\"op\":\"").append(op).append('"');
    if (id != null) {
      json.append(",\"id\":").append(id);
    }
    if (body.length() > 2) {
      json.append(',').append(body, 1, body.length());
    } else {
      json.append('}');
    }
    return json.toString();
  }
}
