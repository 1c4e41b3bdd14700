package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.metadata.ClusterImage;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * DescribeQuorum (55): who decides on the metadata, and how far its log is (KIP-595).
 *
 * <ul>
 *   <li>1: when a voter last fetched (KIP-836). 2: messages for errors, nodes, directories.
 * </ul>
 *
 * <p>The partition is {@code __cluster_metadata-0}, the name that Kafka's metadata log has. Its
 * leader is the active controller, the epoch is the term, and an offset counts entries. A broker
 * that is alone is the only voter.
 *
 * <p>Not done: directories of voters and their addresses.
 *
 * <p>Thread-safe.
 */
public final class DescribeQuorumHandler implements ApiHandler<DescribeQuorumRequestData> {
  private static final String TOPIC = "__cluster_metadata";

  private final Cluster cluster;
  private final Authorizer authorizer;

  /** Looks into the image of that cluster. */
  public DescribeQuorumHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_QUORUM;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeQuorumRequestData request) {
    DescribeQuorumResponseData response = new DescribeQuorumResponseData();
    if (!authorizer.allows(
        context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      return Future.succeededFuture(
          response.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
    }
    ClusterImage image = cluster.image();
    for (DescribeQuorumRequestData.TopicData topic : request.topics()) {
      TopicData answer = new TopicData().setTopicName(topic.topicName());
      response.topics().add(answer);
      for (DescribeQuorumRequestData.PartitionData partition : topic.partitions()) {
        boolean known = topic.topicName().equals(TOPIC) && partition.partitionIndex() == 0;
        answer
            .partitions()
            .add((known ? quorum(image) : unknown()).setPartitionIndex(partition.partitionIndex()));
      }
    }
    if (context.version() > 1) {
      response.nodes().add(new Node().setNodeId(image.controllerId()));
    }
    return Future.succeededFuture(response);
  }

  private static PartitionData quorum(ClusterImage image) {
    return new PartitionData()
        .setErrorMessage(null)
        .setLeaderId(image.controllerId())
        .setLeaderEpoch((int) image.term())
        .setHighWatermark(image.index())
        .setCurrentVoters(
            List.of(
                new ReplicaState()
                    .setReplicaId(image.controllerId())
                    .setLogEndOffset(image.index())));
  }

  private static PartitionData unknown() {
    return new PartitionData()
        .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
        .setErrorMessage(Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
  }
}
