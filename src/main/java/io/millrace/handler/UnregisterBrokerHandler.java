package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * UnregisterBroker (64): the cluster forgets a broker that does not run (KIP-500). Version 0.
 *
 * <p>Other than with Kafka, a broker that runs is refused: it would register again at once, and its
 * replicas would count for nothing until they had caught up.
 *
 * <p>Thread-safe.
 */
public final class UnregisterBrokerHandler implements ApiHandler<UnregisterBrokerRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  /** Asks that cluster for those who may alter it. */
  public UnregisterBrokerHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.UNREGISTER_BROKER;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, UnregisterBrokerRequestData request) {
    if (!authorizer.allows(
        context.caller(), AclOperation.ALTER, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
      return Future.succeededFuture(refused(error, error.message()));
    }
    return ClusterAnswers.orError(
        cluster.unregisterBroker(context.loop(), context.caller(), request),
        e -> refused(Errors.forException(e), e.getMessage()));
  }

  private static UnregisterBrokerResponseData refused(Errors error, String message) {
    return new UnregisterBrokerResponseData().setErrorCode(error.code()).setErrorMessage(message);
  }
}
