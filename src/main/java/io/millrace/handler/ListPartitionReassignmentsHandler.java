package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * ListPartitionReassignments (46): the moves of replicas that are under way (KIP-455). Version 0.
 *
 * <p>Asked for certain partitions, those that are not reassigned or not there are left out, as
 * Kafka does.
 *
 * <p>Thread-safe.
 */
public final class ListPartitionReassignmentsHandler
    implements ApiHandler<ListPartitionReassignmentsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  /** Looks into the image of that cluster, for those who may describe it. */
  public ListPartitionReassignmentsHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
  }

  @Override
  public Future<ApiMessage> handle(
      RequestContext context, ListPartitionReassignmentsRequestData request) {
    ListPartitionReassignmentsResponseData response =
        new ListPartitionReassignmentsResponseData().setErrorMessage(null);
    if (!authorizer.allows(
        context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      Errors error = Errors.CLUSTER_AUTHORIZATION_FAILED;
      return Future.succeededFuture(
          response.setErrorCode(error.code()).setErrorMessage(error.message()));
    }
    ClusterImage image = cluster.image();
    if (request.topics() == null) {
      image.topics().values().forEach(topic -> add(response, topic, everyPartition(topic)));
    } else {
      for (ListPartitionReassignmentsTopics wish : request.topics()) {
        TopicImage topic = image.topic(wish.name());
        if (topic != null) {
          add(response, topic, wish.partitionIndexes());
        }
      }
    }
    return Future.succeededFuture(response);
  }

  private static List<Integer> everyPartition(TopicImage topic) {
    return IntStream.range(0, topic.partitions().size()).boxed().toList();
  }

  private static void add(
      ListPartitionReassignmentsResponseData response, TopicImage topic, List<Integer> numbers) {
    List<OngoingPartitionReassignment> ongoing = new ArrayList<>();
    for (int number : new LinkedHashSet<>(numbers)) {
      PartitionImage partition = topic.partition(number);
      if (partition != null && partition.isReassigned()) {
        ongoing.add(
            new OngoingPartitionReassignment()
                .setPartitionIndex(number)
                .setReplicas(partition.replicas())
                .setAddingReplicas(partition.adding())
                .setRemovingReplicas(partition.removing()));
      }
    }
    if (!ongoing.isEmpty()) {
      response
          .topics()
          .add(new OngoingTopicReassignment().setName(topic.name()).setPartitions(ongoing));
    }
  }
}
