package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * ElectLeaders (43): elects the preferred or an unclean leader of partitions (KIP-183, KIP-460).
 *
 * <ul>
 *   <li>0: the preferred leader only. 1: the type of the election, one error for the whole. 2:
 *       flexible.
 * </ul>
 *
 * <p>Asked for all partitions, those that need no election are left out of the answer, as Kafka
 * does.
 *
 * <p>Thread-safe.
 */
public final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  /** Asks that cluster for those who may alter it. */
  public ElectLeadersHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ELECT_LEADERS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ElectLeadersRequestData request) {
    ElectLeadersResponseData response = new ElectLeadersResponseData();
    if (!authorizer.allows(
        context.caller(), AclOperation.ALTER, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      return Future.succeededFuture(
          refused(context, request, response, Errors.CLUSTER_AUTHORIZATION_FAILED));
    }
    return ClusterAnswers.orError(
        cluster
            .electLeaders(context.loop(), context.caller(), request)
            .map(
                reply -> {
                  Errors error = Errors.forCode(reply.errorCode());
                  return error == Errors.NONE ? reply : refused(context, request, response, error);
                }),
        e -> refused(context, request, response, Errors.forException(e)));
  }

  /** One error for the whole, or from before there was one, the same for each partition. */
  private static ApiMessage refused(
      RequestContext context,
      ElectLeadersRequestData request,
      ElectLeadersResponseData response,
      Errors error) {
    if (context.version() > 0) {
      return response.setErrorCode(error.code());
    }
    if (request.topicPartitions() != null) {
      for (TopicPartitions topic : request.topicPartitions()) {
        add(
            response,
            topic.topic(),
            topic.partitions().stream()
                .map(number -> new PartitionResult().setPartitionId(number))
                .map(part -> part.setErrorCode(error.code()).setErrorMessage(error.message()))
                .toList());
      }
    }
    return response;
  }

  private static void add(
      ElectLeadersResponseData response, String topic, List<PartitionResult> results) {
    response
        .replicaElectionResults()
        .add(new ReplicaElectionResult().setTopic(topic).setPartitionResult(results));
  }
}
