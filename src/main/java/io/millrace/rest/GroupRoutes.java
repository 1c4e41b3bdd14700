package io.millrace.rest;

import io.millrace.coordinator.CoordinatorCall;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.TopicImage;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Look;
import io.millrace.rest.view.Sources;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Deletes groups and their offsets, and resets offsets. Thread-safe. */
final class GroupRoutes implements Routes {
  private static final String GROUP = "/api/v1/groups/:group";

  private final Sources sources;
  private final Access access;
  private final OffsetReset reset;

  GroupRoutes(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
    this.reset = new OffsetReset(sources, access);
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router.delete(GROUP).handler(context -> delete(new ApiRequest(context, loop)));
    router.post(GROUP + "/offsets").handler(context -> reset.handle(new ApiRequest(context, loop)));
    router
        .delete(GROUP + "/offsets")
        .handler(context -> deleteOffsets(new ApiRequest(context, loop)));
  }

  static CoordinatorCall call(ApiRequest request, int version) {
    return new CoordinatorCall(request.loop(), request.caller(), (short) version);
  }

  /** Refuses a group that is not there. */
  static void require(Sources sources, String group) {
    if (sources.groupViews().of(group) == null) {
      throw Access.unknown(
          Errors.GROUP_ID_NOT_FOUND,
          "The group " + group,
          group,
          sources.groupViews().all().keySet());
    }
  }

  private void delete(ApiRequest request) {
    request.look(Set.of());
    String group = request.name("group");
    access.group(request.caller(), AclOperation.DELETE, group);
    require(sources, group);
    request.answerDone(
        sources
            .groups()
            .delete(call(request, 2), new DeleteGroupsRequestData().setGroupsNames(List.of(group)))
            .map(
                answer -> {
                  check(group, answer.results().iterator().next().errorCode());
                  return null;
                }));
  }

  private static void check(String group, short code) {
    Errors error = Errors.forCode(code);
    if (error == Errors.NON_EMPTY_GROUP) {
      throw nonEmpty(group);
    }
    Kafka.check(code, null);
  }

  /** The problem of a group that has members. */
  static ProblemException nonEmpty(String group) {
    return new ProblemException(
        Problem.of(Errors.NON_EMPTY_GROUP, "The group " + group + " has active members.")
            .hint("Stop its consumers first; a member that died is forgotten after its session."));
  }

  private void deleteOffsets(ApiRequest request) {
    Look look = request.look(Set.of("topic"));
    String group = request.name("group");
    access.group(request.caller(), AclOperation.DELETE, group);
    require(sources, group);
    String name = look.query("topic");
    if (name == null) {
      throw new ProblemException(
          Problem.badRequest("The parameter topic is missing.")
              .hint("Write ?topic=orders; DELETE of the group itself deletes all its offsets."));
    }
    TopicImage topic = access.describedTopic(request.caller(), sources.cluster().image(), name);
    OffsetDeleteRequestTopic wish = new OffsetDeleteRequestTopic().setName(name);
    for (int number = 0; number < topic.partitions().size(); number++) {
      wish.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(number));
    }
    OffsetDeleteRequestData data = new OffsetDeleteRequestData().setGroupId(group);
    data.topics().add(wish);
    request.answerDone(
        sources
            .groups()
            .deleteOffsets(call(request, 0), data)
            .map(
                answer -> {
                  check(group, answer.errorCode());
                  checkParts(group, name, answer);
                  return null;
                }));
  }

  private static void checkParts(String group, String topic, OffsetDeleteResponseData answer) {
    answer
        .topics()
        .forEach(
            each ->
                each.partitions()
                    .forEach(
                        part -> {
                          if (part.errorCode() == Errors.GROUP_SUBSCRIBED_TO_TOPIC.code()) {
                            throw new ProblemException(
                                Problem.of(
                                        Errors.GROUP_SUBSCRIBED_TO_TOPIC,
                                        "The group " + group + " reads topic " + topic + " now.")
                                    .hint("Stop its consumers of that topic first."));
                          }
                          Kafka.check(part.errorCode(), null);
                        }));
  }
}
