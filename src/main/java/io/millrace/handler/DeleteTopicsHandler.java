package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * DeleteTopics (20).
 *
 * <ul>
 *   <li>1: throttle time. 3: TOPIC_DELETION_DISABLED instead of INVALID_REQUEST.
 *   <li>4: flexible. 5: error messages; THROTTLING_QUOTA_EXCEEDED (KIP-599).
 *   <li>6: topics by name or by id (KIP-516).
 * </ul>
 */
public final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequestData> {
  private static final short FIRST_WITH_DISABLED_ERROR = 3;

  private final Cluster cluster;
  private final Authorizer authorizer;
  private final Quotas quotas;

  public DeleteTopicsHandler(Cluster cluster, Authorizer authorizer, Quotas quotas) {
    this.cluster = cluster;
    this.authorizer = authorizer;
    this.quotas = quotas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_TOPICS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DeleteTopicsRequestData request) {
    List<DeleteTopicState> wishes = wishes(request);
    if (!cluster.config().get(BrokerKeys.DELETE_TOPIC_ENABLE)) {
      Errors error =
          context.version() < FIRST_WITH_DISABLED_ERROR
              ? Errors.INVALID_REQUEST
              : Errors.TOPIC_DELETION_DISABLED;
      return Future.succeededFuture(failed(wishes, error, "Topic deletion is disabled."));
    }
    ClusterImage image = cluster.image();
    List<DeletableTopicResult> refused = new ArrayList<>();
    DeleteTopicsRequestData permitted =
        new DeleteTopicsRequestData().setTimeoutMs(request.timeoutMs());
    long partitions = 0;
    for (DeleteTopicState wish : wishes) {
      TopicImage topic = find(image, wish);
      DeletableTopicResult refusal = refusal(context.caller(), wish, topic);
      if (refusal != null) {
        refused.add(refusal);
      } else {
        permitted.topics().add(wish);
        partitions += topic == null ? 0 : topic.partitions().size();
      }
    }
    return delete(context, permitted, refused, wishes, partitions);
  }

  private Future<ApiMessage> delete(
      RequestContext context,
      DeleteTopicsRequestData permitted,
      List<DeletableTopicResult> refused,
      List<DeleteTopicState> wishes,
      long partitions) {
    int throttleMs =
        quotas.record(
            context.caller(),
            Quotas.Kind.CONTROLLER_MUTATIONS,
            partitions,
            context.loop().clock().monotonicMs());
    Future<DeleteTopicsResponseData> deleted =
        permitted.topics().isEmpty()
            ? Future.succeededFuture(new DeleteTopicsResponseData())
            : cluster.deleteTopics(context.loop(), context.caller(), permitted);
    Future<DeleteTopicsResponseData> answer =
        deleted.map(
            reply -> {
              reply.responses().addAll(refused);
              return reply.setThrottleTimeMs(throttleMs);
            });
    return ClusterAnswers.orError(
        answer, e -> failed(wishes, Errors.forException(e), e.getMessage()));
  }

  /** What is asked for, in the form of version 6. */
  private static List<DeleteTopicState> wishes(DeleteTopicsRequestData request) {
    List<DeleteTopicState> wishes = new ArrayList<>(request.topics());
    request.topicNames().forEach(name -> wishes.add(new DeleteTopicState().setName(name)));
    return wishes;
  }

  private static @Nullable TopicImage find(ClusterImage image, DeleteTopicState wish) {
    return wish.name() != null ? image.topic(wish.name()) : image.topic(wish.topicId());
  }

  /** The answer when the caller may not delete it; a name that he may not see stays hidden. */
  private @Nullable DeletableTopicResult refusal(
      Caller caller, DeleteTopicState wish, @Nullable TopicImage topic) {
    String name = wish.name() != null ? wish.name() : topic == null ? null : topic.name();
    if (name == null || authorizer.allows(caller, AclOperation.DELETE, ResourceType.TOPIC, name)) {
      return null;
    }
    boolean maySee =
        wish.name() != null
            || authorizer.allows(caller, AclOperation.DESCRIBE, ResourceType.TOPIC, name);
    Uuid id = wish.name() != null ? Uuid.ZERO_UUID : wish.topicId();
    return new DeletableTopicResult()
        .setName(maySee ? name : null)
        .setTopicId(id)
        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
        .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message());
  }

  private static DeleteTopicsResponseData failed(
      List<DeleteTopicState> wishes, Errors error, @Nullable String message) {
    DeleteTopicsResponseData response = new DeleteTopicsResponseData();
    for (DeleteTopicState wish : wishes) {
      response
          .responses()
          .add(
              new DeletableTopicResult()
                  .setName(wish.name())
                  .setTopicId(wish.topicId())
                  .setErrorCode(error.code())
                  .setErrorMessage(message));
    }
    return response;
  }
}
