package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.millrace.model.TopicPartition;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code ack}: a page has consumed records of its group; answered when that is stored. Stateless.
 */
final class AckOp {
  private static final String SHAPE =
      "Use {\"op\":\"ack\",\"sub\":1,\"to\":{\"orders\":{\"0\":130}}}.";

  private AckOp() {}

  static void run(Session session, Op.Request request) {
    Subscription subscription = subscription(session, request.optionalNumber("sub"));
    if (!(subscription.owner() instanceof GroupReading group)) {
      throw RefusedException.invalid(
          "Subscription " + subscription.number + " is no member of a group.",
          "Only groups acknowledge; begin it with \"mode\":\"group\".");
    }
    group.acknowledge(request.id(), to(request.fields().json("to")));
  }

  /** A quick address has one subscription, which need not be named. */
  private static Subscription subscription(Session session, @Nullable Long number) {
    if (number == null && session.subscriptions().size() == 1) {
      return session.subscriptions().get(0);
    } else if (number == null) {
      throw RefusedException.invalid("The field sub is missing.", SHAPE);
    }
    return session.subscription(number);
  }

  private static Map<TopicPartition, Long> to(@Nullable String json) {
    Map<TopicPartition, Long> to = new HashMap<>();
    try {
      JsonObject topics = json == null ? new JsonObject() : new JsonObject(json);
      for (String topic : topics.fieldNames()) {
        for (Map.Entry<String, Object> one : topics.getJsonObject(topic)) {
          to.put(new TopicPartition(topic, Integer.parseInt(one.getKey())), whole(one.getValue()));
        }
      }
    } catch (DecodeException
        | ClassCastException
        | NumberFormatException
        | NullPointerException e) {
      throw RefusedException.invalid("The field to cannot be read.", SHAPE);
    }
    if (to.isEmpty()) {
      throw RefusedException.invalid("The field to names no partition.", SHAPE);
    }
    return to;
  }

  private static long whole(@Nullable Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new NumberFormatException();
  }
}
