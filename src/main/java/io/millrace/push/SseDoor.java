package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.RefusedException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /sse/v1/topics/{topic}}: a topic as server-sent events, for places that let no WebSocket
 * through. Confined to: the loop of its connections.
 */
final class SseDoor {
  private final PushLoop home;
  private final Door door;
  private final SubOp reader;

  SseDoor(PushLoop home, Door door, SubOp reader) {
    this.home = home;
    this.door = door;
    this.reader = reader;
  }

  void mount(Router router) {
    router.get("/sse/v1/topics/:topic").handler(this::open);
  }

  private void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    Door.Admitted admitted = door.admit(request, response, true);
    if (admitted == null) {
      return;
    }
    Reading reading;
    try {
      reading = QuickReading.of(context.pathParam("topic"), request.params());
      String last = request.getHeader("last-event-id");
      if (last != null && !last.isEmpty()) {
        reading = reading.from(Place.parse(last));
      }
    } catch (RefusedException e) {
      Problems.answer(response, 400, e.error().name(), e.sentence(), e.hint());
      return;
    }
    SessionInfo info = door.info(request, admitted.grantOrAnonymous(), true);
    if (!door.enters(info)) {
      Problems.answer(response, 429, "POLICY_VIOLATION", "Too many sockets are open.", null);
      return;
    }
    Session session = new Session(home, info, new SseOutlet(response), admitted.grant());
    home.add(session);
    response.closeHandler(gone -> session.onClosed(false));
    response.exceptionHandler(fault -> broke(session, fault));
    response.drainHandler(more -> session.onWritable());
    begin(session, reading);
  }

  /** A page ends its stream by closing the connection, which is no fault of anybody. */
  private static void broke(Session session, Throwable fault) {
    if (!(fault instanceof HttpClosedException)) {
      session.onFault(fault);
    }
  }

  private void begin(Session session, Reading reading) {
    try {
      reader.read(session, reading, null);
    } catch (RefusedException e) {
      session.refuseBeginning(null, e);
    }
  }
}
