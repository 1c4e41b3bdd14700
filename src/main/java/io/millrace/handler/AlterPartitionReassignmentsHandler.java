package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
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
 * <p>Not done: a move. Alone there is nowhere to go: an assignment that differs from the present
 * one names a broker that is not there, or a replica twice, and is refused for that.
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
    AlterPartitionReassignmentsResponseData response =
        new AlterPartitionReassignmentsResponseData().setErrorMessage(null);
    if (!authorizer.allows(
        context.caller(), AclOperation.ALTER, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
      return Future.succeededFuture(
          response.setErrorCode(error.code()).setErrorMessage(error.message()));
    }
    ClusterImage image = cluster.image();
    for (ReassignableTopic wish : request.topics()) {
      TopicImage topic = image.topic(wish.name());
      ReassignableTopicResponse answer = new ReassignableTopicResponse().setName(wish.name());
      response.responses().add(answer);
      for (ReassignablePartition partition : wish.partitions()) {
        answer.partitions().add(judge(image, topic, partition));
      }
    }
    return Future.succeededFuture(response);
  }

  private static ReassignablePartitionResponse judge(
      ClusterImage image, @Nullable TopicImage topic, ReassignablePartition wish) {
    ReassignablePartitionResponse answer =
        new ReassignablePartitionResponse().setPartitionIndex(wish.partitionIndex());
    try {
      check(image, topic == null ? null : topic.partition(wish.partitionIndex()), wish.replicas());
      return answer.setErrorMessage(null);
    } catch (ApiException e) {
      return answer.setErrorCode(Errors.forException(e).code()).setErrorMessage(e.getMessage());
    }
  }

  private static void check(
      ClusterImage image, @Nullable PartitionImage partition, @Nullable List<Integer> wanted) {
    if (partition == null) {
      throw new UnknownTopicOrPartitionException("There is no such partition.");
    }
    if (wanted == null) {
      throw Errors.NO_REASSIGNMENT_IN_PROGRESS.exception();
    }
    if (wanted.isEmpty()) {
      throw new InvalidReplicaAssignmentException(
          "The manual partition assignment includes an empty replica list.");
    }
    if (new HashSet<>(wanted).size() < wanted.size()) {
      throw new InvalidReplicaAssignmentException(
          "The manual partition assignment includes a broker twice: " + wanted);
    }
    for (int id : wanted) {
      if (image.broker(id) == null) {
        throw new InvalidReplicaAssignmentException(
            "The manual partition assignment includes broker "
                + id
                + ", but no such broker is registered.");
      }
    }
    if (!wanted.equals(partition.replicas())) {
      throw new InvalidReplicaAssignmentException("This version moves no replicas.");
    }
  }
}
