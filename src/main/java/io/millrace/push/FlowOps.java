package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.vertx.core.json.JsonObject;

/** Operations that hold a subscription back or let it go on. Stateless. */
final class FlowOps {
  private FlowOps() {}

  private static Subscription subscription(Session session, Op.Request request) {
    return session.subscription(request.number("sub"));
  }

  /** {@code credit}: more may be sent. Not answered unless it has an id. */
  static void credit(Session session, Op.Request request) {
    Subscription subscription = subscription(session, request);
    Long records = request.optionalNumber("n");
    Long bytes = request.optionalNumber("bytes");
    if ((records != null && records < 0) || (bytes != null && bytes < 0)) {
      throw RefusedException.invalid("A credit cannot be taken back.", null);
    }
    subscription.give(records == null ? 0 : records, bytes == null ? 0 : bytes);
    answer(session, request);
  }

  /** {@code pause}: nothing is sent until {@code resume}. */
  static void pause(Session session, Op.Request request) {
    subscription(session, request).pause();
    answer(session, request);
  }

  /** {@code resume}: it goes on where it paused. */
  static void resume(Session session, Op.Request request) {
    subscription(session, request).resume();
    answer(session, request);
  }

  /** {@code unsub}: it ends. */
  static void unsub(Session session, Op.Request request) {
    session.remove(subscription(session, request));
    answer(session, request);
  }

  private static void answer(Session session, Op.Request request) {
    if (request.id() != null) {
      session.ok(request.id(), new JsonObject());
    }
  }
}
