package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.QuorumView;
import io.millrace.eventloop.EventLoop;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
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
 * leader is the broker that leads the log, the epoch is the term, and an offset counts entries of
 * the log. A broker that is alone is the only voter; one that is not asks the leader, who knows how
 * far the others are.
 *
 * <p>Not done: directories of voters and their addresses.
 *
 * <p>Thread-safe.
 */
public final class DescribeQuorumHandler implements ApiHandler<DescribeQuorumRequestData> {
  private static final String TOPIC = "__cluster_metadata";

  private final Function<EventLoop, Future<QuorumView>> quorum;
  private final Authorizer authorizer;

  private DescribeQuorumHandler(
      Function<EventLoop, Future<QuorumView>> quorum, Authorizer authorizer) {
    this.quorum = quorum;
    this.authorizer = authorizer;
  }

  /** For clients. */
  public DescribeQuorumHandler(Cluster cluster, Authorizer authorizer) {
    this(cluster::quorum, authorizer);
  }

  /** For other brokers, which ask the one that leads: what this broker sees. */
  public static DescribeQuorumHandler ofPeers(Cluster cluster, Authorizer authorizer) {
    return new DescribeQuorumHandler(
        loop -> Future.succeededFuture(cluster.quorumSeenHere()), authorizer);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_QUORUM;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeQuorumRequestData request) {
    if (!authorizer.allows(
        context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      return Future.succeededFuture(
          new DescribeQuorumResponseData()
              .setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
    }
    return quorum.apply(context.loop()).map(view -> answer(context.version(), request, view));
  }

  private static DescribeQuorumResponseData answer(
      short version, DescribeQuorumRequestData request, QuorumView view) {
    DescribeQuorumResponseData response = new DescribeQuorumResponseData();
    for (DescribeQuorumRequestData.TopicData topic : request.topics()) {
      TopicData answer = new TopicData().setTopicName(topic.topicName());
      response.topics().add(answer);
      for (DescribeQuorumRequestData.PartitionData partition : topic.partitions()) {
        boolean known = topic.topicName().equals(TOPIC) && partition.partitionIndex() == 0;
        answer
            .partitions()
            .add((known ? quorum(view) : unknown()).setPartitionIndex(partition.partitionIndex()));
      }
    }
    if (version > 1) {
      view.voters().forEach(voter -> response.nodes().add(new Node().setNodeId(voter.brokerId())));
    }
    return response;
  }

  private static PartitionData quorum(QuorumView view) {
    return new PartitionData()
        .setErrorMessage(null)
        .setLeaderId(view.leaderId())
        .setLeaderEpoch((int) view.term())
        .setHighWatermark(view.committedIndex() + 1)
        .setCurrentVoters(states(view, view.voters()))
        .setObservers(states(view, view.observers()));
  }

  private static List<ReplicaState> states(QuorumView view, List<QuorumView.Member> members) {
    return members.stream()
        .map(
            member ->
                new ReplicaState()
                    .setReplicaId(member.brokerId())
                    .setLogEndOffset(member.logEnd())
                    .setLastFetchTimestamp(member.lastContactMs())
                    .setLastCaughtUpTimestamp(
                        member.logEnd() > view.committedIndex() ? member.lastContactMs() : -1))
        .toList();
  }

  private static PartitionData unknown() {
    return new PartitionData()
        .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
        .setErrorMessage(Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
  }
}
