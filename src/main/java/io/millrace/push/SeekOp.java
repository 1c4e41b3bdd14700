package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.RefusedException;
import io.millrace.partition.CommittedLog;
import io.millrace.push.Placing.Placed;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code seek}: a subscription goes on from another place. Stateless. */
final class SeekOp {
  private SeekOp() {}

  static void run(Session session, Op.Request request) {
    Subscription subscription = session.subscription(request.number("sub"));
    Object to = to(request.fields().json("to"));
    if (to == null) {
      throw RefusedException.invalid("The field to is missing.", Place.WORDS);
    }
    Place place = Place.of(to, new Place.Latest());
    List<CommittedLog> partitions =
        subscription.cursors().stream().map(cursor -> cursor.feed.partition()).toList();
    Placing.find(session.loop(), partitions, place)
        .onSuccess(placed -> move(subscription, placed, request.id()))
        .onFailure(fault -> session.refuse(request.id(), Placing.refusal(fault)));
  }

  private static @Nullable Object to(@Nullable String json) {
    try {
      return json == null ? null : Json.decodeValue(json);
    } catch (DecodeException e) {
      throw RefusedException.invalid("The field to cannot be read.", Place.WORDS);
    }
  }

  private static void move(Subscription subscription, List<Placed> placed, @Nullable String id) {
    if (subscription.isEnded()) {
      return;
    }
    subscription.session.ok(id, new JsonObject().put("topics", SubOp.topics(placed)));
    for (Placed one : placed) {
      Cursor before = subscription.cursorOf(one.partition());
      if (before != null) {
        subscription.remove(before);
        Placement.add(subscription, one).checksHole = true;
      }
    }
    subscription.pump();
  }
}
