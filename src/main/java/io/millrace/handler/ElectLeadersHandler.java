package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.ElectionType;
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
import org.jspecify.annotations.Nullable;

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
 * <p>Not done: a change of the leader. A partition has one replica here, so its leader is the
 * preferred one, or there is none that could lead.
 *
 * <p>Thread-safe.
 */
public final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  /** Looks into the image of that cluster. */
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
    if (Arrays.stream(ElectionType.values())
        .noneMatch(one -> one.value == request.electionType())) {
      return Future.succeededFuture(refused(context, request, response, Errors.INVALID_REQUEST));
    }
    ElectionType type = ElectionType.valueOf(request.electionType());
    ClusterImage image = cluster.image();
    if (request.topicPartitions() == null) {
      image.topics().values().forEach(topic -> addNeeded(response, topic, type));
    } else {
      for (TopicPartitions topic : request.topicPartitions()) {
        List<PartitionResult> results = new ArrayList<>();
        for (int number : topic.partitions()) {
          results.add(result(number, image.partition(topic.topic(), number), type));
        }
        add(response, topic.topic(), results);
      }
    }
    return Future.succeededFuture(response);
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

  private static void addNeeded(
      ElectLeadersResponseData response, TopicImage topic, ElectionType type) {
    List<PartitionResult> results = new ArrayList<>();
    for (int number = 0; number < topic.partitions().size(); number++) {
      PartitionResult result = result(number, topic.partition(number), type);
      if (result.errorCode() != Errors.ELECTION_NOT_NEEDED.code()) {
        results.add(result);
      }
    }
    if (!results.isEmpty()) {
      add(response, topic.name(), results);
    }
  }

  private static PartitionResult result(
      int number, @Nullable PartitionImage partition, ElectionType type) {
    Errors error =
        partition == null
            ? Errors.UNKNOWN_TOPIC_OR_PARTITION
            : type == ElectionType.PREFERRED ? preferred(partition) : unclean(partition);
    return new PartitionResult()
        .setPartitionId(number)
        .setErrorCode(error.code())
        .setErrorMessage(error.message());
  }

  private static Errors preferred(PartitionImage partition) {
    return partition.leader() == partition.replicas().get(0)
        ? Errors.ELECTION_NOT_NEEDED
        : Errors.PREFERRED_LEADER_NOT_AVAILABLE;
  }

  private static Errors unclean(PartitionImage partition) {
    return partition.leader() != PartitionImage.NO_LEADER
        ? Errors.ELECTION_NOT_NEEDED
        : Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE;
  }

  private static void add(
      ElectLeadersResponseData response, String topic, List<PartitionResult> results) {
    response
        .replicaElectionResults()
        .add(new ReplicaElectionResult().setTopic(topic).setPartitionResult(results));
  }
}
