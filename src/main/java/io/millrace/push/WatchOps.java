package io.millrace.push;

import io.millrace.browser.LiveViews;
import io.millrace.browser.RefusedException;
import io.vertx.core.json.JsonObject;
import org.apache.kafka.common.protocol.Errors;

/** {@code watch} and {@code unwatch}: documents that are followed as they change. Thread-safe. */
final class WatchOps {
  private static final long EVERY_MS_DEFAULT = 1000;

  private final LiveViews views;

  WatchOps(LiveViews views) {
    this.views = views;
  }

  void watch(Session session, Op.Request request) {
    String path = request.text("path");
    Long every = request.optionalNumber("everyMs");
    Watches watches = session.watches();
    if (watches.isFull()) {
      throw new RefusedException(
          Errors.POLICY_VIOLATION,
          "A socket watches at most " + Watches.MAX + " documents.",
          "End one with unwatch.");
    }
    int number = watches.newNumber();
    // The document may come on this stack; the answer has to be first.
    session.ok(request.id(), new JsonObject().put("watch", number));
    try {
      LiveViews.Watch watch =
          views.watch(
              session.loop(),
              session.caller(),
              path,
              Math.max(EVERY_MS_DEFAULT, every == null ? EVERY_MS_DEFAULT : every),
              change -> show(session, number, change));
      watches.add(number, watch);
    } catch (RefusedException e) {
      session.refuse(request.id(), e);
    }
  }

  private static void show(Session session, int number, JsonObject change) {
    JsonObject frame = new JsonObject().put("op", "view").put("watch", number);
    change.forEach(field -> frame.put(field.getKey(), field.getValue()));
    session.control(frame);
  }

  static void unwatch(Session session, Op.Request request) {
    if (!session.watches().remove(request.number("watch"))) {
      throw RefusedException.invalid("There is no such watch.", null);
    }
    if (request.id() != null) {
      session.ok(request.id(), new JsonObject());
    }
  }
}
