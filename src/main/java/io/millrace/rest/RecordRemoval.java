package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.DeleteOutcome;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Sources;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** Deletes the records before an offset. Thread-safe. */
final class RecordRemoval implements Routes {
  private static final int TIMEOUT_MS = 30_000;

  private final Sources sources;
  private final Access access;

  RecordRemoval(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router
        .delete("/api/v1/topics/:topic/records")
        .handler(context -> delete(new ApiRequest(context, loop)));
  }

  private void delete(ApiRequest request) {
    request.look(Set.of());
    String topic = request.name("topic");
    access.topic(request.caller(), AclOperation.DELETE, topic);
    access.describedTopic(request.caller(), sources.cluster().image(), topic);
    if (Topic.isInternal(topic)) {
      throw new ProblemException(
          Problem.of(
              Errors.INVALID_TOPIC_EXCEPTION, "The topic " + topic + " belongs to the broker."));
    }
    Map<Integer, Long> to = request.body("to").offsets("to");
    if (to.isEmpty()) {
      throw new ProblemException(
          Problem.badRequest("The field to is missing or empty.")
              .hint("Write {\"to\":{\"0\":100}} to delete the records before offset 100."));
    }
    JsonObject starts = new JsonObject();
    List<Future<Void>> deletions = new ArrayList<>();
    to.forEach(
        (number, offset) ->
            deletions.add(
                delete(request, topic, number, offset)
                    .map(
                        outcome -> {
                          check(topic, number, offset, outcome);
                          starts.put(Integer.toString(number), outcome.lowWatermark());
                          return null;
                        })));
    request.answer(
        200, Future.join(deletions).map(done -> new JsonObject().put("logStartOffset", starts)));
  }

  private Future<DeleteOutcome> delete(ApiRequest request, String topic, int number, long offset) {
    CommittedLog partition = sources.logs().get(topic, number);
    return partition == null
        ? Future.succeededFuture(new DeleteOutcome(Errors.UNKNOWN_TOPIC_OR_PARTITION, -1))
        : sources.appends().deleteRecords(request.loop(), partition.id(), offset, TIMEOUT_MS);
  }

  private static void check(String topic, int number, long offset, DeleteOutcome outcome) {
    if (outcome.error() == Errors.NONE) {
      return;
    }
    String place = "partition " + number + " of topic " + topic;
    String sentence =
        switch (outcome.error()) {
          case OFFSET_OUT_OF_RANGE ->
              "The offset " + offset + " is not between start and end of " + place + ".";
          case UNKNOWN_TOPIC_OR_PARTITION -> "There is no " + place + ".";
          case POLICY_VIOLATION ->
              "The records of topic " + topic + " are compacted, and not deleted by offset.";
          default -> "In " + place + ": " + outcome.error().message();
        };
    throw new ProblemException(Problem.of(outcome.error(), sentence));
  }
}
