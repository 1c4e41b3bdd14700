package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.RefusedException;
import io.millrace.partition.CommittedLog;
import io.millrace.push.Placing.Placed;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code sub}: begins to read, or joins a group; each mode has its own way. Thread-safe. */
final class SubOp implements Op {
  static final String READ = "read";

  private final PushServices services;
  private final Map<String, Op> otherModes;

  /**
   * @param otherModes what {@code mode} says besides {@code read}, and who begins it
   */
  SubOp(PushServices services, Map<String, Op> otherModes) {
    this.services = services;
    this.otherModes = otherModes;
  }

  @Override
  public void run(Session session, Request request) {
    String mode = request.optionalText("mode");
    if (mode == null || mode.equals(READ)) {
      Reading reading =
          Reading.of(request, session.outlet().protocol().equals("bin"), new Place.Latest());
      read(session, reading, request.id());
      return;
    }
    Op other = otherModes.get(mode);
    if (other == null) {
      throw RefusedException.invalid("The mode " + mode + " is not known.", "Use read or group.");
    }
    other.run(session, request);
  }

  /** Begins to read. @throws RefusedException when it cannot even begin */
  void read(Session session, Reading reading, @Nullable String id) {
    List<CommittedLog> partitions =
        Placing.partitions(services, session.caller(), reading.topics(), reading.partitions());
    Subscription subscription =
        new Subscription(
            session,
            session.newNumber(),
            new Subscription.Options(
                READ,
                null,
                reading.format(),
                reading.onLag(),
                reading.lagMax(),
                reading.partitions() == null),
            session.info().isQuick()
                ? Credit.unlimited()
                : new Credit(reading.records(), reading.bytes()));
    if (reading.limit() != null) {
      subscription.endAfter(reading.limit());
    }
    session.add(subscription);
    Placing.find(session.loop(), partitions, reading.from())
        .onSuccess(placed -> begin(subscription, placed, reading.from(), id))
        .onFailure(
            fault -> {
              session.remove(subscription);
              session.refuseBeginning(id, Placing.refusal(fault));
            });
  }

  private static void begin(
      Subscription subscription, List<Placed> placed, Place from, @Nullable String id) {
    if (subscription.isEnded()) {
      return;
    }
    Session session = subscription.session;
    JsonObject answer =
        new JsonObject().put("sub", subscription.number).put("topics", topics(placed));
    boolean gaps = placed.stream().anyMatch(one -> one.start().gap() != null);
    if (from instanceof Place.Resume && !gaps) {
      answer.put("resumed", true);
    }
    if (!session.info().isQuick()) {
      session.ok(id, answer);
    }
    for (Placed one : placed) {
      Cursor cursor = Placement.add(subscription, one);
      cursor.checksHole = from instanceof Place.Resume || from instanceof Place.At;
    }
    session.outlet().begins(subscription);
    subscription.start();
  }

  /** Where it begins and where each partition ends: {@code {"orders":{"id","at","end"}}}. */
  static JsonObject topics(List<Placed> placed) {
    JsonObject topics = new JsonObject();
    for (Placed one : placed) {
      var id = one.partition().id();
      JsonObject topic = topics.getJsonObject(id.topic());
      if (topic == null) {
        topic =
            new JsonObject()
                .put("id", id.topicId().toString())
                .put("at", new JsonObject())
                .put("end", new JsonObject());
        topics.put(id.topic(), topic);
      }
      String number = Integer.toString(id.partition());
      topic.getJsonObject("at").put(number, one.start().offset());
      topic.getJsonObject("end").put(number, one.start().end());
    }
    return topics;
  }
}
