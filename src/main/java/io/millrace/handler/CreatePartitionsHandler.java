package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * CreatePartitions (37): more partitions for topics that exist (KIP-195).
 *
 * <ul>
 *   <li>0, 1: the same fields. 2: flexible. 3: THROTTLING_QUOTA_EXCEEDED (KIP-599).
 * </ul>
 */
public final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;
  private final Quotas quotas;

  public CreatePartitionsHandler(Cluster cluster, Authorizer authorizer, Quotas quotas) {
    this.cluster = cluster;
    this.authorizer = authorizer;
    this.quotas = quotas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_PARTITIONS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, CreatePartitionsRequestData request) {
    CreatePartitionsRequestData permitted = request.duplicate();
    List<CreatePartitionsTopicResult> refused = new ArrayList<>();
    permitted.topics().removeIf(topic -> refuse(context.caller(), topic.name(), refused));
    int throttleMs =
        quotas.record(
            context.caller(),
            Quotas.Kind.CONTROLLER_MUTATIONS,
            partitions(permitted),
            context.loop().clock().monotonicMs());
    Future<CreatePartitionsResponseData> grown =
        permitted.topics().isEmpty()
            ? Future.succeededFuture(new CreatePartitionsResponseData())
            : cluster.createPartitions(context.loop(), context.caller(), permitted);
    Future<CreatePartitionsResponseData> answer =
        grown.map(
            reply -> {
              reply.results().addAll(refused);
              return reply.setThrottleTimeMs(throttleMs);
            });
    return ClusterAnswers.orError(answer, e -> failed(request, Errors.forException(e), e));
  }

  private boolean refuse(Caller caller, String topic, List<CreatePartitionsTopicResult> refused) {
    if (authorizer.allows(caller, AclOperation.ALTER, ResourceType.TOPIC, topic)) {
      return false;
    }
    refused.add(
        new CreatePartitionsTopicResult()
            .setName(topic)
            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
            .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message()));
    return true;
  }

  private long partitions(CreatePartitionsRequestData request) {
    long partitions = 0;
    for (CreatePartitionsTopic wish : request.topics()) {
      TopicImage topic = cluster.image().topic(wish.name());
      partitions += topic == null ? 0 : Math.max(0, wish.count() - topic.partitions().size());
    }
    return partitions;
  }

  private static CreatePartitionsResponseData failed(
      CreatePartitionsRequestData request, Errors error, Exception cause) {
    CreatePartitionsResponseData response = new CreatePartitionsResponseData();
    for (CreatePartitionsTopic wish : request.topics()) {
      response
          .results()
          .add(
              new CreatePartitionsTopicResult()
                  .setName(wish.name())
                  .setErrorCode(error.code())
                  .setErrorMessage(cause.getMessage()));
    }
    return response;
  }
}
