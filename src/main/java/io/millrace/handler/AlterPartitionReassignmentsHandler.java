package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * AlterPartitionReassignments (45): moves replicas to other brokers, or stops that (KIP-455).
 *
 * <ul>
 *   <li>0: flexible. 1: the number of replicas may be kept as it is (KIP-860).
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class AlterPartitionReassignmentsHandler
    implements ApiHandler<AlterPartitionReassignmentsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  public AlterPartitionReassignmentsHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
  }

  @Override
  public Future<ApiMessage> handle(
      RequestContext context, AlterPartitionReassignmentsRequestData request) {
    if (!authorizer.allows(
        context.caller(), AclOperation.ALTER, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
      return Future.succeededFuture(refused(error, error.message()));
    }
    return ClusterAnswers.orError(
        cluster.alterReassignments(context.loop(), context.caller(), request),
        e -> refused(Errors.forException(e), e.getMessage()));
  }

  private static AlterPartitionReassignmentsResponseData refused(
      Errors error, @Nullable String message) {
    return new AlterPartitionReassignmentsResponseData()
        .setErrorCode(error.code())
        .setErrorMessage(message);
  }
}
