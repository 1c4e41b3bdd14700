package io.millrace.handler;

import io.millrace.metadata.ClusterImage;
import io.millrace.partition.FoundOffset;
import io.millrace.partition.Leadership;
import io.millrace.partition.Partition;
import io.millrace.partition.ReadOutcome;
import java.util.ArrayList;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Shapes the answer of a fetch: all partitions, or within a session those with news (KIP-227).
 *
 * <p>Confined to: the loop of the connection.
 */
final class FetchAnswer {
  private static final short FIRST_VERSION_WITH_LEADER = 12;

  private static final short FIRST_VERSION_WITH_NODES = 16;

  private final RequestContext context;
  private final short version;
  private final ClusterImage image;
  private final FetchContext fetch;
  private final FetchResponseData response = new FetchResponseData();
  private @Nullable FetchableTopicResponse topic;
  private @Nullable FetchPart last;

  /**
   * @param image tells where the leaders are that are named instead of this broker
   */
  FetchAnswer(RequestContext context, ClusterImage image, FetchContext fetch) {
    this.context = context;
    this.version = context.version();
    this.image = image;
    this.fetch = fetch;
    response.setSessionId(fetch.sessionId()).setResponses(new ArrayList<>());
  }

  /** The records of the outcomes go over to the answer. */
  FetchResponseData of(
      @Nullable ReadOutcome[] outcomes, @Nullable FoundOffset[] epochEnds, int[] preferred) {
    for (int i = 0; i < outcomes.length; i++) {
      ReadOutcome outcome = outcomes[i];
      if (outcome != null) {
        add(fetch.parts().get(i), outcome, epochEnds[i], preferred[i]);
      }
    }
    return response;
  }

  private void add(
      FetchPart part, ReadOutcome outcome, @Nullable FoundOffset epochEnd, int preferred) {
    PartitionData data = data(part, outcome);
    if (outcome.error() == Errors.NONE) {
      data.setPreferredReadReplica(preferred);
    }
    if (epochEnd != null && outcome.error() == Errors.NONE) {
      nameDivergence(part, data, epochEnd);
    }
    FetchSession session = fetch.session();
    if (session != null) {
      boolean news = part.hasNews(data, outcome.sizeInBytes());
      if (!fetch.isFull() && !news) {
        return;
      }
      if (!fetch.isFull() && outcome.sizeInBytes() > 0) {
        session.served(part);
      }
    }
    topicOf(part).partitions().add(data);
  }

  private FetchableTopicResponse topicOf(FetchPart part) {
    FetchableTopicResponse current = topic;
    if (current == null || last == null || !last.isOfTopic(part.topic(), part.topicId())) {
      current =
          new FetchableTopicResponse()
              .setTopic(part.topic())
              .setTopicId(part.topicId())
              .setPartitions(new ArrayList<>());
      response.responses().add(current);
      topic = current;
    }
    last = part;
    return current;
  }

  private PartitionData data(FetchPart part, ReadOutcome outcome) {
    PartitionData data =
        new PartitionData()
            .setPartitionIndex(part.number())
            .setErrorCode(outcome.error().code())
            .setHighWatermark(outcome.highWatermark())
            .setLastStableOffset(outcome.lastStableOffset())
            .setLogStartOffset(outcome.logStartOffset())
            .setAbortedTransactions(outcome.abortedTxns())
            .setRecords(outcome.records());
    Partition partition = part.partition();
    if (partition != null
        && version >= FIRST_VERSION_WITH_LEADER
        && LeaderNodes.areNamedFor(outcome.error())) {
      nameLeader(data, partition.leadership());
    }
    return data;
  }

  private void nameLeader(PartitionData data, Leadership leadership) {
    int leader = leadership.leaderId();
    data.setCurrentLeader(
        new LeaderIdAndEpoch().setLeaderId(leader).setLeaderEpoch(leadership.leaderEpoch()));
    LeaderNodes.Node node =
        version < FIRST_VERSION_WITH_NODES ? null : LeaderNodes.of(context, image, leader);
    if (node != null) {
      node.addTo(response);
    }
  }

  private static void nameDivergence(FetchPart part, PartitionData data, FoundOffset end) {
    if (end.leaderEpoch() < part.lastFetchedEpoch() || end.offset() < part.offset()) {
      data.setDivergingEpoch(
          new EpochEndOffset().setEpoch(end.leaderEpoch()).setEndOffset(end.offset()));
      data.setRecords(MemoryRecords.EMPTY);
    }
  }
}
