package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.millrace.model.TopicPartition;
import io.millrace.push.member.MemberEffect.Acknowledged;
import io.millrace.push.member.MemberEffect.Assigned;
import io.millrace.push.member.MemberEffect.NotAcknowledged;
import io.millrace.push.member.MemberEffect.Revoked;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a page is told of its membership: {@code ok} with the first assignment, then {@code assign},
 * {@code revoke} and the answers of {@code ack}. Confined to: the loop of its session.
 */
final class GroupNotices {
  private final Session session;
  private final int number;
  private final @Nullable String id;

  /** What is answered when an acknowledgement is stored, by its number; null without an id. */
  private final Map<Long, @Nullable String> awaited = new HashMap<>();

  private long lastAck;
  private boolean begun;

  /**
   * @param number the subscription
   * @param id what the answer to {@code sub} repeats
   */
  GroupNotices(Session session, int number, @Nullable String id) {
    this.session = session;
    this.number = number;
    this.id = id;
  }

  /** A number for an acknowledgement, which its outcome names. */
  long expect(@Nullable String ackId) {
    lastAck++;
    awaited.put(lastAck, ackId);
    return lastAck;
  }

  void assigned(Assigned assigned) {
    if (!begun) {
      begun = true;
      if (!session.info().isQuick()) {
        session.ok(id, new JsonObject().put("sub", number));
      }
    }
    session.control(
        new JsonObject()
            .put("op", "assign")
            .put("sub", number)
            .put("add", json(assigned.added()))
            .put("generation", assigned.generation()));
  }

  void revoked(Revoked revoked) {
    session.control(
        new JsonObject()
            .put("op", "revoke")
            .put("sub", number)
            .put("drop", json(revoked.dropped()))
            .put("withinMs", revoked.withinMs()));
  }

  private static JsonObject json(Collection<TopicPartition> partitions) {
    JsonObject topics = new JsonObject();
    for (TopicPartition partition : partitions) {
      JsonArray numbers = topics.getJsonArray(partition.topic());
      if (numbers == null) {
        numbers = new JsonArray();
        topics.put(partition.topic(), numbers);
      }
      numbers.add(partition.partition());
    }
    return topics;
  }

  void acknowledged(Acknowledged done) {
    String ackId = awaited.remove(done.ack());
    if (ackId != null) {
      session.ok(ackId, new JsonObject());
    }
  }

  void notAcknowledged(NotAcknowledged done) {
    session.refuse(
        awaited.remove(done.ack()), new RefusedException(done.error(), done.why(), done.hint()));
  }

  /** The coordinator refused the membership: the answer to {@code sub}, or news of its end. */
  void refused(RefusedException why) {
    if (begun) {
      session.subscriptionRefused(number, why);
    } else {
      session.refuseBeginning(id, why);
    }
  }
}
