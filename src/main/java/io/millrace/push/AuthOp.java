package io.millrace.push;

import io.millrace.security.Admission;
import io.millrace.security.Admission.Decision;
import io.vertx.core.json.JsonObject;

/** {@code auth}: a session says who it is, or goes on for longer. Thread-safe. */
final class AuthOp implements Op {
  private final Admission admission;

  AuthOp(Admission admission) {
    this.admission = admission;
  }

  @Override
  public void run(Session session, Request request) {
    long nowMs = session.loop().clock().monotonicMs();
    Decision decision = admission.present(request.text("ticket"), session.info().origin(), nowMs);
    if (decision instanceof Decision.Admitted admitted) {
      if (session.become(admitted.grant())) {
        session.ok(request.id(), new JsonObject());
      } else {
        session.close(CloseCode.FORBIDDEN, "a session never becomes somebody else");
      }
    } else if (decision instanceof Decision.Refused refused) {
      session.close(CloseCode.NOT_AUTHENTICATED, refused.why());
    }
  }
}
