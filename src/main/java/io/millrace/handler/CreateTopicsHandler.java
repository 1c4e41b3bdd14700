package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerKeys;
import io.millrace.model.Caller;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * CreateTopics (19).
 *
 * <ul>
 *   <li>2, 3: throttle time; the same fields. 4: -1 asks for the broker's number of partitions and
 *       replicas (KIP-464).
 *   <li>5: the answer holds partitions, replicas and configs of the topic (KIP-525); flexible.
 *   <li>6: THROTTLING_QUOTA_EXCEEDED (KIP-599). 7: topic ids (KIP-516).
 * </ul>
 *
 * <p>Answered when the partitions can be produced to. The request's timeout is not used: creation
 * is bounded by one write to the metadata log and the opening of the partitions.
 */
public final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;
  private final Quotas quotas;

  public CreateTopicsHandler(Cluster cluster, Authorizer authorizer, Quotas quotas) {
    this.cluster = cluster;
    this.authorizer = authorizer;
    this.quotas = quotas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_TOPICS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, CreateTopicsRequestData request) {
    CreateTopicsRequestData permitted = request.duplicate();
    Set<String> refused = new HashSet<>();
    permitted.topics().removeIf(topic -> refuse(context.caller(), topic.name(), refused));
    int throttleMs =
        quotas.record(
            context.caller(),
            Quotas.Kind.CONTROLLER_MUTATIONS,
            partitions(permitted),
            context.loop().clock().monotonicMs());
    Future<CreateTopicsResponseData> created =
        permitted.topics().isEmpty()
            ? Future.succeededFuture(new CreateTopicsResponseData())
            : cluster.createTopics(context.loop(), context.caller(), permitted);
    Future<CreateTopicsResponseData> answer =
        created.map(
            reply -> {
              refused.forEach(name -> reply.topics().add(unauthorized(name)));
              hideConfigs(context.caller(), reply);
              return reply.setThrottleTimeMs(throttleMs);
            });
    return ClusterAnswers.orError(
        answer,
        e -> new CreateTopicsRequest(request, context.version()).getErrorResponse(0, e).data());
  }

  private boolean refuse(Caller caller, String topic, Set<String> refused) {
    boolean mayCreate =
        !topic.equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
            && (authorizer.allows(
                    caller, AclOperation.CREATE, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
                || authorizer.allows(caller, AclOperation.CREATE, ResourceType.TOPIC, topic));
    if (!mayCreate) {
      refused.add(topic);
    }
    return !mayCreate;
  }

  private long partitions(CreateTopicsRequestData request) {
    long partitions = 0;
    for (CreatableTopic topic : request.topics()) {
      int asked = Math.max(topic.numPartitions(), topic.assignments().size());
      partitions += asked > 0 ? asked : cluster.config().get(BrokerKeys.NUM_PARTITIONS);
    }
    return partitions;
  }

  private static CreatableTopicResult unauthorized(String name) {
    return new CreatableTopicResult()
        .setName(name)
        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
        .setErrorMessage("Authorization failed.");
  }

  /** Who may not see a topic's configs gets them neither by creating it. */
  private void hideConfigs(Caller caller, CreateTopicsResponseData reply) {
    for (CreatableTopicResult topic : reply.topics()) {
      if (topic.errorCode() == Errors.NONE.code()
          && !authorizer.allows(
              caller, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, topic.name())) {
        topic
            .setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
            .setConfigs(List.of())
            .setNumPartitions(-1)
            .setReplicationFactor((short) -1);
      }
    }
  }
}
