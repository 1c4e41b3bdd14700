package io.millrace.push;

import io.millrace.browser.LiveViews;
import io.millrace.browser.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
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
    Opening opening = new Opening(session, number);
    LiveViews.Watch watch =
        views.watch(
            session.loop(),
            session.caller(),
            path,
            Math.max(EVERY_MS_DEFAULT, every == null ? EVERY_MS_DEFAULT : every),
            opening::show);
    watches.add(number, watch);
    session.ok(request.id(), new JsonObject().put("watch", number));
    opening.answered();
  }

  /** Holds back a document that comes on the stack of the asking: the answer has to be first. */
  private static final class Opening {
    private final Session session;
    private final int number;
    private final List<JsonObject> early = new ArrayList<>(1);
    private boolean answered;

    Opening(Session session, int number) {
      this.session = session;
      this.number = number;
    }

    void show(JsonObject change) {
      if (!answered) {
        early.add(change);
        return;
      }
      JsonObject frame = new JsonObject().put("op", "view").put("watch", number);
      change.forEach(field -> frame.put(field.getKey(), field.getValue()));
      session.control(frame);
    }

    void answered() {
      answered = true;
      early.forEach(this::show);
      early.clear();
    }
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
