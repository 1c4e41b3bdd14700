package io.millrace.push;

import io.millrace.browser.Outgoing;
import io.millrace.browser.Publisher.Result;
import io.millrace.browser.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** {@code pub}: appends a record, answered when as many replicas have it as asked. Stateless. */
final class PubOp implements Op {
  private final PushServices services;

  PubOp(PushServices services) {
    this.services = services;
  }

  @Override
  public void run(Session session, Request request) {
    String topic = request.text("t");
    short acks = acks(request.fields().json("acks"));
    Outgoing record = Outgoing.of(request.fields());
    int size = record.sizeBytes();
    session.inflow().begun(size);
    services
        .publisher()
        .publish(session.loop(), session.caller(), topic, List.of(record), acks)
        .onComplete(
            done -> {
              session.inflow().answered(size);
              if (done.failed()) {
                session.refuse(request.id(), refusal(done.cause()));
              } else {
                answer(session, request, done.result().get(0));
              }
            });
  }

  private static void answer(Session session, Request request, Result result) {
    if (result instanceof Result.Published published) {
      session.ok(
          request.id(),
          new JsonObject()
              .put("p", published.partition())
              .put("o", published.offset())
              .put("ts", published.timestampMs()));
    } else if (result instanceof Result.Failed failed) {
      session.refuse(request.id(), failed.why());
    }
  }

  private static RefusedException refusal(Throwable cause) {
    return cause instanceof RefusedException refused
        ? refused
        : RefusedException.of(Errors.forException(cause));
  }

  /** The value of {@code acks} in a frame: {@code "all"}, 1 or 0. */
  static short acks(@Nullable String json) {
    if (json == null) {
      return -1;
    }
    return switch (json) {
      case "\"all\"", "-1", "null" -> -1;
      case "1", "\"1\"" -> 1;
      case "0", "\"0\"" -> 0;
      default ->
          throw RefusedException.invalid(
              "The acks " + json + " are not known.", "Use \"all\", 1 or 0.");
    };
  }
}
