package io.millrace.handler;

import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * ListPartitionReassignments (46): the moves of replicas that are under way (KIP-455). Version 0.
 *
 * <p>There are none: a replica has no other broker to go to, so AlterPartitionReassignments begins
 * none.
 *
 * <p>Stateless.
 */
public final class ListPartitionReassignmentsHandler
    implements ApiHandler<ListPartitionReassignmentsRequestData> {
  private final Authorizer authorizer;

  /** Answers those who may describe the cluster. */
  public ListPartitionReassignmentsHandler(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
  }

  @Override
  public Future<ApiMessage> handle(
      RequestContext context, ListPartitionReassignmentsRequestData request) {
    boolean allowed =
        authorizer.allows(
            context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
    Errors error = allowed ? Errors.NONE : Errors.CLUSTER_AUTHORIZATION_FAILED;
    return Future.succeededFuture(
        new ListPartitionReassignmentsResponseData()
            .setErrorCode(error.code())
            .setErrorMessage(error.message()));
  }
}
