package io.millrace.partition.remote;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.millrace.partition.CommittedOffsets;
import io.millrace.partition.DeleteOutcome;
import io.millrace.partition.FoundOffset;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * The questions of one reader of a partition, asked of its leader as a consumer would. A peer that
 * gives no answer is answered with NETWORK_EXCEPTION. Thread-safe.
 */
final class LeaderCalls {
  private static final short FETCH_VERSION = 13;
  private static final short LIST_OFFSETS_VERSION = 9;
  private static final short EPOCH_VERSION = 4;
  private static final short DELETE_VERSION = 2;
  private static final int CONSUMER = -1;
  private static final byte READ_UNCOMMITTED = 0;
  private static final byte READ_COMMITTED = 1;
  private static final int TIMEOUT_MS = 3_000;

  private final PeerLink link;

  LeaderCalls(PeerLink link) {
    this.link = link;
  }

  /**
   * What one fetch asks for.
   *
   * @param offset first offset wanted
   * @param maxBytes how much at most, save that one batch always comes
   * @param waitMs how long the leader waits for a first batch; 0 for not at all
   */
  record Wish(long offset, int maxBytes, int waitMs) {}

  Future<Fetched> fetch(EventLoop loop, TopicIdPartition id, Leader leader, Wish wish) {
    FetchPartition part =
        new FetchPartition()
            .setPartition(id.partition())
            .setCurrentLeaderEpoch(leader.leaderEpoch())
            .setFetchOffset(wish.offset())
            .setPartitionMaxBytes(wish.maxBytes());
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(wish.waitMs())
            .setMinBytes(wish.waitMs() == 0 ? 0 : 1)
            .setMaxBytes(wish.maxBytes())
            .setIsolationLevel(READ_COMMITTED)
            .setTopics(
                List.of(new FetchTopic().setTopicId(id.topicId()).setPartitions(List.of(part))));
    return this.<FetchResponseData, Fetched>ask(
        loop,
        leader,
        ApiKeys.FETCH,
        FETCH_VERSION,
        request,
        wish.waitMs() + TIMEOUT_MS,
        Fetched::of,
        Fetched::refused);
  }

  /** Three questions at once, for ListOffsets answers one timestamp of a partition at a time. */
  Future<CommittedOffsets> offsets(EventLoop loop, TopicIdPartition id, Leader leader) {
    Future<FoundOffset> start =
        find(loop, id, leader, ListOffsetsRequest.EARLIEST_TIMESTAMP, READ_UNCOMMITTED);
    Future<FoundOffset> committed =
        find(loop, id, leader, ListOffsetsRequest.LATEST_TIMESTAMP, READ_UNCOMMITTED);
    Future<FoundOffset> stable =
        find(loop, id, leader, ListOffsetsRequest.LATEST_TIMESTAMP, READ_COMMITTED);
    return Future.all(start, committed, stable)
        .map(
            all -> {
              for (FoundOffset each : all.<FoundOffset>list()) {
                if (each.error() != Errors.NONE) {
                  return CommittedOffsets.refused(each.error());
                }
              }
              return new CommittedOffsets(
                  Errors.NONE,
                  start.result().offset(),
                  Math.max(committed.result().offset(), stable.result().offset()),
                  stable.result().offset());
            });
  }

  Future<FoundOffset> findOffset(
      EventLoop loop, TopicIdPartition id, Leader leader, long timestampMs) {
    return find(loop, id, leader, timestampMs, READ_COMMITTED);
  }

  private Future<FoundOffset> find(
      EventLoop loop, TopicIdPartition id, Leader leader, long timestampMs, byte isolation) {
    return this.<ListOffsetsResponseData, FoundOffset>ask(
        loop,
        leader,
        ApiKeys.LIST_OFFSETS,
        LIST_OFFSETS_VERSION,
        offsetRequest(id, leader, timestampMs, isolation),
        TIMEOUT_MS,
        LeaderCalls::found,
        FoundOffset::refused);
  }

  private static ListOffsetsRequestData offsetRequest(
      TopicIdPartition id, Leader leader, long timestampMs, byte isolation) {
    ListOffsetsPartition part =
        new ListOffsetsPartition()
            .setPartitionIndex(id.partition())
            .setCurrentLeaderEpoch(leader.leaderEpoch())
            .setTimestamp(timestampMs);
    return new ListOffsetsRequestData()
        .setReplicaId(CONSUMER)
        .setIsolationLevel(isolation)
        .setTopics(
            List.of(new ListOffsetsTopic().setName(id.topic()).setPartitions(List.of(part))));
  }

  private static FoundOffset found(ListOffsetsResponseData answer) {
    ListOffsetsPartitionResponse part = answer.topics().get(0).partitions().get(0);
    return new FoundOffset(
        Errors.forCode(part.errorCode()), part.offset(), part.timestamp(), part.leaderEpoch());
  }

  Future<FoundOffset> epochEnd(EventLoop loop, TopicIdPartition id, Leader leader, int epoch) {
    OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
    topics.add(
        new OffsetForLeaderTopic()
            .setTopic(id.topic())
            .setPartitions(
                List.of(
                    new OffsetForLeaderPartition()
                        .setPartition(id.partition())
                        .setCurrentLeaderEpoch(leader.leaderEpoch())
                        .setLeaderEpoch(epoch))));
    OffsetForLeaderEpochRequestData request =
        new OffsetForLeaderEpochRequestData().setReplicaId(CONSUMER).setTopics(topics);
    return this.<OffsetForLeaderEpochResponseData, FoundOffset>ask(
        loop,
        leader,
        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
        EPOCH_VERSION,
        request,
        TIMEOUT_MS,
        LeaderCalls::ended,
        FoundOffset::refused);
  }

  private static FoundOffset ended(OffsetForLeaderEpochResponseData answer) {
    EpochEndOffset part = answer.topics().iterator().next().partitions().get(0);
    return new FoundOffset(
        Errors.forCode(part.errorCode()), part.endOffset(), -1, part.leaderEpoch());
  }

  Future<DeleteOutcome> deleteRecords(
      EventLoop loop, TopicIdPartition id, Leader leader, long offset, int timeoutMs) {
    DeleteRecordsRequestData request =
        new DeleteRecordsRequestData()
            .setTimeoutMs(timeoutMs)
            .setTopics(
                List.of(
                    new DeleteRecordsTopic()
                        .setName(id.topic())
                        .setPartitions(
                            List.of(
                                new DeleteRecordsPartition()
                                    .setPartitionIndex(id.partition())
                                    .setOffset(offset)))));
    return this.<DeleteRecordsResponseData, DeleteOutcome>ask(
        loop,
        leader,
        ApiKeys.DELETE_RECORDS,
        DELETE_VERSION,
        request,
        timeoutMs + TIMEOUT_MS,
        LeaderCalls::deleted,
        error -> new DeleteOutcome(error, -1));
  }

  private static DeleteOutcome deleted(DeleteRecordsResponseData answer) {
    DeleteRecordsPartitionResult part =
        answer.topics().iterator().next().partitions().iterator().next();
    return new DeleteOutcome(Errors.forCode(part.errorCode()), part.lowWatermark());
  }

  /**
   * Whether the leader answers anything at all. It is asked where the log ends, by the lane of what
   * is small and urgent, which no large request delays.
   */
  Future<Boolean> givesSign(EventLoop loop, TopicIdPartition id, Leader leader) {
    PeerAddress address = leader.address();
    if (address == null) {
      return Future.succeededFuture(true);
    }
    return link.<ListOffsetsResponseData>send(
            loop,
            address,
            PeerLink.Lane.CONTROL,
            ApiKeys.LIST_OFFSETS,
            LIST_OFFSETS_VERSION,
            offsetRequest(id, leader, ListOffsetsRequest.LATEST_TIMESTAMP, READ_UNCOMMITTED),
            TIMEOUT_MS)
        .map(
            answer -> {
              answer.release();
              return true;
            })
        .otherwise(
            fault -> !(fault instanceof PeerFault peer && peer.kind() == PeerFault.Kind.SILENT));
  }

  private <R extends ApiMessage, T> Future<T> ask(
      EventLoop loop,
      Leader leader,
      ApiKeys api,
      short version,
      ApiMessage request,
      int timeoutMs,
      Function<R, T> read,
      Function<Errors, T> refused) {
    PeerAddress address = leader.address();
    if (address == null) {
      return Future.succeededFuture(refused.apply(Errors.LEADER_NOT_AVAILABLE));
    }
    Future<PeerAnswer<R>> sent =
        link.send(loop, address, PeerLink.Lane.CLIENT, api, version, request, timeoutMs);
    return sent.map(
            answer -> {
              try {
                return read.apply(answer.message());
              } finally {
                answer.release();
              }
            })
        .recover(
            fault ->
                fault instanceof PeerFault
                    ? Future.succeededFuture(refused.apply(Errors.NETWORK_EXCEPTION))
                    : Future.failedFuture(fault));
  }
}
