package io.millrace.cluster;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who carries the metadata log. How far the others are is known to the broker that leads
 * the log alone, so it is asked, by Kafka's DescribeQuorum on its peer port.
 *
 * <p>Thread-safe.
 */
final class QuorumReport {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumReport.class);

  private static final String TOPIC = "__cluster_metadata";
  private static final short VERSION = 1;
  private static final int ASK_MS = 2_000;

  private final int self;
  private final Supplier<ClusterImage> image;
  private final @Nullable ClusterPeers peers;

  /**
   * @param self id of this broker
   * @param peers the way to the others; null for a broker that is alone
   */
  QuorumReport(int self, Supplier<ClusterImage> image, @Nullable ClusterPeers peers) {
    this.self = self;
    this.image = image;
    this.peers = peers;
  }

  /** As this broker sees it. */
  QuorumView seenHere() {
    if (peers != null) {
      return peers.quorum().view();
    }
    ClusterImage now = image.get();
    return new QuorumView(
        self,
        now.term(),
        now.index() - 1,
        List.of(new QuorumView.Member(self, now.index(), -1)),
        List.of());
  }

  /** As the broker that leads the log sees it. */
  Future<QuorumView> ask(EventLoop asker) {
    QuorumView here = seenHere();
    BrokerImage leader = image.get().broker(here.leaderId());
    PeerAddress address = leader == null ? null : PeerWatch.address(leader);
    if (peers == null || here.leaderId() == self || address == null) {
      return Future.succeededFuture(here);
    }
    return peers
        .link()
        .<DescribeQuorumResponseData>send(
            asker,
            address,
            PeerLink.Lane.CLIENT,
            ApiKeys.DESCRIBE_QUORUM,
            VERSION,
            request(),
            ASK_MS)
        .map(QuorumReport::view)
        .recover(
            fault -> {
              LOG.debug("broker {} does not tell who carries the log", here.leaderId(), fault);
              return Future.succeededFuture(here);
            });
  }

  private static DescribeQuorumRequestData request() {
    return new DescribeQuorumRequestData()
        .setTopics(
            List.of(
                new DescribeQuorumRequestData.TopicData()
                    .setTopicName(TOPIC)
                    .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData()))));
  }

  private static QuorumView view(PeerAnswer<DescribeQuorumResponseData> answer) {
    PartitionData told = answer.message().topics().get(0).partitions().get(0);
    answer.release();
    return new QuorumView(
        told.leaderId(),
        told.leaderEpoch(),
        told.highWatermark() - 1,
        members(told.currentVoters()),
        members(told.observers()));
  }

  private static List<QuorumView.Member> members(List<ReplicaState> states) {
    return states.stream()
        .map(
            state ->
                new QuorumView.Member(
                    state.replicaId(), state.logEndOffset(), state.lastFetchTimestamp()))
        .toList();
  }
}
