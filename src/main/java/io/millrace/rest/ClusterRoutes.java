package io.millrace.rest;

import io.millrace.cluster.ReplicaMoves;
import io.millrace.cluster.ReplicaMoves.Move;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Sources;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Moves replicas between brokers: empties one, levels all, or ends what moves. Each tells its plan
 * first when asked to; how it goes is seen in {@code /api/v1/reassignments}. Thread-safe.
 */
final class ClusterRoutes implements Routes {
  private static final int TIMEOUT_MS = 30_000;

  /** Moves that an answer names; it always says how many there are. */
  private static final int MOVES_TOLD_MAX = 1_000;

  private final Sources sources;
  private final Access access;

  ClusterRoutes(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router
        .post("/api/v1/brokers/:broker/drain")
        .handler(context -> drain(new ApiRequest(context, loop)));
    router.post("/api/v1/rebalance").handler(context -> rebalance(new ApiRequest(context, loop)));
    router
        .delete("/api/v1/reassignments")
        .handler(context -> cancel(new ApiRequest(context, loop)));
  }

  private void drain(ApiRequest request) {
    request.look(Set.of());
    boolean preview = request.body("preview").flag("preview", false);
    access.cluster(request.caller(), AclOperation.ALTER);
    ClusterImage image = sources.cluster().image();
    int broker = broker(image, request.name("broker"));
    List<Move> moves = ReplicaMoves.drain(image, broker);
    carryOut(request, moves, preview, "bin/millrace cluster drain " + broker);
  }

  private static int broker(ClusterImage image, String text) {
    if (text.matches("\\d{1,9}") && image.broker(Integer.parseInt(text)) != null) {
      return Integer.parseInt(text);
    }
    throw new ProblemException(
        Problem.of(Errors.INVALID_REQUEST, "There is no broker " + text + ".")
            .hint("The brokers are " + image.brokers().keySet() + "."));
  }

  private void rebalance(ApiRequest request) {
    request.look(Set.of());
    boolean preview = request.body("preview").flag("preview", false);
    access.cluster(request.caller(), AclOperation.ALTER);
    List<Move> moves = ReplicaMoves.rebalance(sources.cluster().image());
    carryOut(request, moves, preview, "bin/millrace cluster rebalance");
  }

  private void carryOut(ApiRequest request, List<Move> moves, boolean preview, String command) {
    Future<Void> done =
        preview || moves.isEmpty() ? Future.succeededFuture() : reassign(request, wanted(moves));
    request.answer(200, done.map(moved -> json(moves, !preview, command)));
  }

  private static JsonObject json(List<Move> moves, boolean done, String command) {
    JsonArray told = new JsonArray();
    for (Move move : moves.subList(0, Math.min(MOVES_TOLD_MAX, moves.size()))) {
      told.add(
          new JsonObject()
              .put("topic", move.partition().topic())
              .put("partition", move.partition().partition())
              .put("from", new JsonArray(move.from()))
              .put("to", new JsonArray(move.to())));
    }
    long fewer = moves.stream().filter(move -> move.to().size() < move.from().size()).count();
    return new JsonObject()
        .put("done", done)
        .put("count", moves.size())
        .put("fewerReplicas", fewer)
        .put("moves", told)
        .put("command", command);
  }

  private static Map<String, Map<Integer, List<Integer>>> wanted(List<Move> moves) {
    Map<String, Map<Integer, List<Integer>>> wanted = new HashMap<>();
    moves.forEach(
        move ->
            wanted
                .computeIfAbsent(move.partition().topic(), topic -> new HashMap<>())
                .put(move.partition().partition(), move.to()));
    return wanted;
  }

  /** Ends all reassignments: partitions go back to the replicas that they had. */
  private void cancel(ApiRequest request) {
    request.look(Set.of());
    access.cluster(request.caller(), AclOperation.ALTER);
    Map<String, Map<Integer, @Nullable List<Integer>>> wanted = new HashMap<>();
    for (TopicImage topic : sources.cluster().image().topics().values()) {
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage partition = topic.partitions().get(number);
        if (!partition.adding().isEmpty() || !partition.removing().isEmpty()) {
          wanted.computeIfAbsent(topic.name(), name -> new HashMap<>()).put(number, null);
        }
      }
    }
    request.answerDone(wanted.isEmpty() ? Future.succeededFuture() : reassign(request, wanted));
  }

  private Future<Void> reassign(
      ApiRequest request,
      Map<String, ? extends Map<Integer, ? extends @Nullable List<Integer>>> wanted) {
    AlterPartitionReassignmentsRequestData data =
        new AlterPartitionReassignmentsRequestData().setTimeoutMs(TIMEOUT_MS);
    wanted.forEach(
        (topic, partitions) -> {
          List<ReassignablePartition> parts = new ArrayList<>();
          partitions.forEach(
              (number, replicas) ->
                  parts.add(
                      new ReassignablePartition()
                          .setPartitionIndex(number)
                          .setReplicas(replicas == null ? null : List.copyOf(replicas))));
          data.topics().add(new ReassignableTopic().setName(topic).setPartitions(parts));
        });
    return sources
        .cluster()
        .alterReassignments(request.loop(), request.caller(), data)
        .map(ClusterRoutes::checked);
  }

  /** Partitions that changed meanwhile are passed over; anything else is told. */
  private static Void checked(AlterPartitionReassignmentsResponseData answer) {
    Kafka.check(answer.errorCode(), answer.errorMessage());
    answer
        .responses()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        part -> {
                          if (part.errorCode() != Errors.NO_REASSIGNMENT_IN_PROGRESS.code()) {
                            Kafka.check(part.errorCode(), part.errorMessage());
                          }
                        }));
    return null;
  }
}
