package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * FindCoordinator (key 10), versions 0 to 6. The first request of a group creates {@code
 * __consumer_offsets}.
 *
 * <p>1: key type, error message. 2: throttled after the answer. 3: flexible. 4: several keys
 * (KIP-699). 5: a client may be told TRANSACTION_ABORTABLE (KIP-890). 6: share groups (KIP-932).
 *
 * <p>Not done: coordinators of transactions and of share groups; both are
 * CLUSTER_AUTHORIZATION_FAILED, with words.
 */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequestData> {
  private static final short VERSION_SEVERAL_KEYS = 4;
  private static final int NOBODY = -1;

  private final Cluster cluster;
  private final Authorizer authorizer;

  public FindCoordinatorHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.FIND_COORDINATOR;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, FindCoordinatorRequestData request) {
    if (context.version() >= VERSION_SEVERAL_KEYS) {
      List<Future<Coordinator>> found =
          request.coordinatorKeys().stream()
              .map(key -> find(context, request.keyType(), key))
              .toList();
      return Future.all(found)
          .map(
              all ->
                  new FindCoordinatorResponseData().setCoordinators(new ArrayList<>(all.list())));
    }
    return find(context, request.keyType(), request.key())
        .map(
            found ->
                new FindCoordinatorResponseData()
                    .setErrorCode(found.errorCode())
                    .setErrorMessage(messageOf(found))
                    .setNodeId(found.nodeId())
                    .setHost(found.host())
                    .setPort(found.port()));
  }

  /** Before there were several keys, that all is well was put into words. */
  private static String messageOf(Coordinator found) {
    return found.errorCode() == Errors.NONE.code() ? Errors.NONE.message() : found.errorMessage();
  }

  private Future<Coordinator> find(RequestContext context, byte type, String key) {
    if (type != CoordinatorType.GROUP.id()) {
      // Not INVALID_REQUEST: librdkafka asks again and again, and tells its caller only of a
      // timeout.
      String message = "this broker does not know " + kind(type);
      return Future.succeededFuture(
          refused(key, Errors.CLUSTER_AUTHORIZATION_FAILED).setErrorMessage(message));
    }
    if (!authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.GROUP, key)) {
      return Future.succeededFuture(refused(key, Errors.GROUP_AUTHORIZATION_FAILED));
    }
    TopicImage topic = cluster.image().topic(GroupCoordinator.TOPIC);
    return topic != null
        ? Future.succeededFuture(found(context, key, topic))
        : cluster
            .ensureInternalTopic(context.loop(), GroupCoordinator.TOPIC)
            .map(created -> found(context, key, created))
            .otherwise(failure -> refused(key, Errors.COORDINATOR_NOT_AVAILABLE));
  }

  private static String kind(byte type) {
    if (type == CoordinatorType.TRANSACTION.id()) {
      return "transactions yet";
    }
    return type == CoordinatorType.SHARE.id() ? "share groups yet" : "coordinators of type " + type;
  }

  private Coordinator found(RequestContext context, String key, TopicImage topic) {
    int number = GroupCoordinator.partitionFor(key, topic.partitions().size());
    PartitionImage partition = topic.partition(number);
    BrokerImage leader = partition == null ? null : cluster.image().broker(partition.leader());
    Endpoint endpoint = leader == null ? null : leader.endpoint(context.caller().listener());
    if (leader == null || endpoint == null) {
      return refused(key, Errors.COORDINATOR_NOT_AVAILABLE);
    }
    return new Coordinator()
        .setKey(key)
        .setNodeId(leader.id())
        .setHost(host(context, endpoint))
        .setPort(endpoint.port() == 0 ? context.dialled().getPort() : endpoint.port())
        .setErrorMessage("");
  }

  private static String host(RequestContext context, Endpoint endpoint) {
    return endpoint.host().isEmpty()
        ? context.dialled().getAddress().getHostAddress()
        : endpoint.host();
  }

  private static Coordinator refused(String key, Errors error) {
    @Nullable String message = error.message();
    return new Coordinator()
        .setKey(key)
        .setNodeId(NOBODY)
        .setHost("")
        .setPort(NOBODY)
        .setErrorCode(error.code())
        .setErrorMessage(message);
  }
}
