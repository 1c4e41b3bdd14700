package io.millrace.rest;

import io.millrace.config.BrokerKeys;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.TopicImage;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Sources;
import io.millrace.rest.view.Views;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** Creates, grows and deletes topics. Thread-safe. */
final class TopicRoutes implements Routes {
  private static final String TOPICS = "/api/v1/topics";
  private static final String TOPIC = TOPICS + "/:topic";
  private static final int PARTITIONS_MAX = 100_000;
  private static final int TIMEOUT_MS = 30_000;

  private final Sources sources;
  private final Views views;
  private final Access access;

  TopicRoutes(Sources sources, Views views) {
    this.sources = sources;
    this.views = views;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router.post(TOPICS).handler(context -> create(new ApiRequest(context, loop)));
    router.patch(TOPIC).handler(context -> grow(new ApiRequest(context, loop)));
    router.delete(TOPIC).handler(context -> delete(new ApiRequest(context, loop)));
  }

  private void create(ApiRequest request) {
    request.look(Set.of());
    JsonBody body =
        request.body("name", "partitions", "replicationFactor", "configs", "validateOnly");
    String name = body.text("name");
    boolean mayCreate =
        !name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
            && (access.mayCluster(request.caller(), AclOperation.CREATE)
                || access.mayTopic(request.caller(), AclOperation.CREATE, name));
    if (!mayCreate) {
      throw new ProblemException(
          Problem.of(
              Errors.TOPIC_AUTHORIZATION_FAILED, "You may not create the topic " + name + "."));
    }
    CreatableTopic topic =
        new CreatableTopic()
            .setName(name)
            .setNumPartitions(body.count("partitions", -1, PARTITIONS_MAX))
            .setReplicationFactor((short) body.count("replicationFactor", -1, Short.MAX_VALUE));
    body.texts("configs")
        .forEach(
            (key, value) ->
                topic.configs().add(new CreatableTopicConfig().setName(key).setValue(value)));
    CreateTopicsRequestData data =
        new CreateTopicsRequestData()
            .setTimeoutMs(TIMEOUT_MS)
            .setValidateOnly(body.flag("validateOnly", false));
    data.topics().add(topic);
    request.answer(
        201,
        sources
            .cluster()
            .createTopics(request.loop(), request.caller(), data)
            .compose(
                answer -> {
                  CreatableTopicResult result = answer.topics().iterator().next();
                  Kafka.check(result.errorCode(), result.errorMessage());
                  return data.validateOnly()
                      ? Future.succeededFuture(planned(result))
                      : shown(request, name);
                }));
  }

  private static JsonObject planned(CreatableTopicResult result) {
    return new JsonObject()
        .put("name", result.name())
        .put("partitions", result.numPartitions())
        .put("replicationFactor", (int) result.replicationFactor())
        .put("validateOnly", true);
  }

  /** The topic as the list of topics shows it. */
  private Future<JsonObject> shown(ApiRequest request, String name) {
    return request.loop().ask(sources.views(), () -> Future.succeededFuture(views.topic(name)));
  }

  private void grow(ApiRequest request) {
    request.look(Set.of());
    JsonBody body = request.body("partitions", "validateOnly");
    String name = request.name("topic");
    access.topic(request.caller(), AclOperation.ALTER, name);
    TopicImage topic = access.describedTopic(request.caller(), sources.cluster().image(), name);
    int count = body.count("partitions", -1, PARTITIONS_MAX);
    if (count < 0) {
      throw new ProblemException(Problem.badRequest("The field partitions is missing."));
    }
    CreatePartitionsRequestData data =
        new CreatePartitionsRequestData()
            .setTimeoutMs(TIMEOUT_MS)
            .setValidateOnly(body.flag("validateOnly", false));
    data.topics()
        .add(
            new CreatePartitionsTopic().setName(topic.name()).setCount(count).setAssignments(null));
    request.answer(
        200,
        sources
            .cluster()
            .createPartitions(request.loop(), request.caller(), data)
            .compose(
                answer -> {
                  CreatePartitionsTopicResult result = answer.results().get(0);
                  Kafka.check(result.errorCode(), result.errorMessage());
                  return data.validateOnly()
                      ? Future.succeededFuture(
                          new JsonObject()
                              .put("name", name)
                              .put("partitions", count)
                              .put("validateOnly", true))
                      : shown(request, name);
                }));
  }

  private void delete(ApiRequest request) {
    request.look(Set.of());
    String name = request.name("topic");
    access.topic(request.caller(), AclOperation.DELETE, name);
    if (!sources.cluster().config().get(BrokerKeys.DELETE_TOPIC_ENABLE)) {
      throw new ProblemException(
          Problem.of(Errors.TOPIC_DELETION_DISABLED, "Topic deletion is disabled.")
              .hint("delete.topic.enable=true allows it."));
    }
    access.describedTopic(request.caller(), sources.cluster().image(), name);
    DeleteTopicsRequestData data = new DeleteTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
    data.topics().add(new DeleteTopicState().setName(name));
    request.answerDone(
        sources
            .cluster()
            .deleteTopics(request.loop(), request.caller(), data)
            .map(
                answer -> {
                  DeletableTopicResult result = answer.responses().iterator().next();
                  Kafka.check(result.errorCode(), result.errorMessage());
                  return null;
                }));
  }
}
