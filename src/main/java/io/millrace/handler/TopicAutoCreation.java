package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.NotDecidedException;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** Creates topics because a client asked for their metadata ({@code auto.create.topics.enable}). */
final class TopicAutoCreation {
  private final Cluster cluster;
  private final Authorizer authorizer;

  TopicAutoCreation(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  /**
   * Creates what the caller may create, with the broker's defaults; an internal topic as the broker
   * itself would.
   *
   * @return an error for each topic that was not created; one that exists by now is no error
   */
  Future<Map<String, Errors>> create(RequestContext context, List<String> names) {
    Map<String, Errors> failures = new HashMap<>();
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    List<Future<?>> internal = new ArrayList<>();
    for (String name : names) {
      if (!mayCreate(context.caller(), name)) {
        failures.put(name, Errors.TOPIC_AUTHORIZATION_FAILED);
      } else if (name.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
        internal.add(
            cluster
                .ensureInternalTopic(context.loop(), name)
                .onFailure(e -> failures.put(name, error(e)))
                .otherwiseEmpty());
      } else if (Topic.isInternal(name)) {
        // A topic of a coordinator that this version does not have must not come up as a plain one.
        failures.put(name, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      } else {
        request
            .topics()
            .add(
                new CreatableTopic()
                    .setName(name)
                    .setNumPartitions(-1)
                    .setReplicationFactor((short) -1));
      }
    }
    Future<?> created =
        request.topics().isEmpty()
            ? Future.succeededFuture()
            : createAll(context, request, failures);
    return created.compose(done -> Future.join(internal)).map(done -> failures);
  }

  private Future<?> createAll(
      RequestContext context, CreateTopicsRequestData request, Map<String, Errors> failures) {
    return cluster
        .createTopics(context.loop(), context.caller(), request)
        .onSuccess(reply -> reply.topics().forEach(result -> note(result, failures)))
        .onFailure(e -> request.topics().forEach(topic -> failures.put(topic.name(), error(e))))
        .otherwiseEmpty();
  }

  private static void note(CreatableTopicResult result, Map<String, Errors> failures) {
    Errors error = Errors.forCode(result.errorCode());
    switch (error) {
      case NONE, TOPIC_ALREADY_EXISTS -> {}
      case INVALID_REPLICATION_FACTOR, INVALID_TOPIC_EXCEPTION ->
          failures.put(result.name(), error);
      default -> failures.put(result.name(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
  }

  private static Errors error(Throwable failure) {
    return failure instanceof NotDecidedException
        ? Errors.LEADER_NOT_AVAILABLE
        : Errors.forException(failure);
  }

  private boolean mayCreate(Caller caller, String topic) {
    return authorizer.allows(
            caller, AclOperation.CREATE, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
        || authorizer.allows(caller, AclOperation.CREATE, ResourceType.TOPIC, topic);
  }
}
