package io.millrace.partition.remote;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.millrace.partition.AppendOutcome;
import io.millrace.partition.DeleteOutcome;
import io.millrace.partition.Partition;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Appends to partitions, and deletes from them, wherever they are led. What was surely not appended
 * is tried again while a leader is looked for; what may have been appended is not, for nothing
 * would tell a repeat from the first.
 *
 * <p>Thread-safe.
 */
public final class Appends {
  private static final short VERSION = 12;
  private static final short ACKS_LEADER = 1;
  private static final short ACKS_ALL = -1;
  private static final int ANSWER_MS = 2_000;

  /** The leader was asked and did not answer. */
  private static final AppendOutcome UNANSWERED =
      new AppendOutcome(
          Errors.NETWORK_EXCEPTION,
          -1,
          -1,
          -1,
          "The partition's leader did not answer; the records may be in the log or not.");

  /** The leader cannot be reached: surely not appended. */
  private static final AppendOutcome UNREACHED =
      notAppended(
          Errors.NOT_LEADER_OR_FOLLOWER,
          "The partition's leader cannot be reached; the records are not in the log.");

  private static final AppendOutcome LEADERLESS =
      notAppended(
          Errors.LEADER_NOT_AVAILABLE,
          "The partition has no leader; the records are not in the log.");

  private final CommittedLogs logs;
  private final PeerLink link;

  /**
   * @param logs where partitions are led
   * @param link how their leaders are reached
   */
  public Appends(CommittedLogs logs, PeerLink link) {
    this.logs = logs;
    this.link = link;
  }

  /**
   * Appends batches that passed the checks of {@code record.ProduceValidator}.
   *
   * @param loop the loop that asks, and gets the answer
   * @param checked whole batches; must stay as it is until the answer comes
   * @param acks -1, 0 or 1, as in a produce request
   * @param timeoutMs how long to wait for the replicas with {@code acks} -1
   */
  public Future<AppendOutcome> append(
      EventLoop loop, TopicIdPartition id, ByteBuffer checked, short acks, int timeoutMs) {
    return Patience.ask(
        loop,
        () -> attempt(loop, id, checked, acks, timeoutMs),
        outcome -> outcome.baseOffset() < 0 && isMisplaced(outcome.error()),
        Math.min(timeoutMs, Patience.LIMIT_MS));
  }

  private static AppendOutcome notAppended(Errors error, String why) {
    return new AppendOutcome(error, -1, -1, -1, why);
  }

  private static AppendOutcome notNow(@Nullable Leader leader) {
    return leader == null ? LEADERLESS : UNREACHED;
  }

  private static boolean isMisplaced(Errors error) {
    return switch (error) {
      case NOT_LEADER_OR_FOLLOWER,
          LEADER_NOT_AVAILABLE,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH ->
          true;
      default -> false;
    };
  }

  private Future<AppendOutcome> attempt(
      EventLoop loop, TopicIdPartition id, ByteBuffer checked, short acks, int timeoutMs) {
    Partition here = logs.partitions().get(id.topicId(), id.partition());
    if (here != null && (here.isLeader() || logs.isOurs(id))) {
      return here.append(loop, checked.duplicate(), acks, timeoutMs, () -> {});
    }
    Leader leader = Leader.of(logs.feeds().image(), id);
    PeerAddress address = leader == null ? null : leader.address();
    if (leader == null || address == null || leader.brokerId() == logs.brokerId()) {
      boolean exists = logs.get(id.topicId(), id.partition()) != null;
      return Future.succeededFuture(
          exists ? notNow(leader) : AppendOutcome.refused(Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }
    ProduceRequestData request = request(id, checked.duplicate(), acks, timeoutMs);
    Future<PeerAnswer<ProduceResponseData>> sent =
        link.send(
            loop,
            address,
            PeerLink.Lane.CLIENT,
            ApiKeys.PRODUCE,
            VERSION,
            request,
            timeoutMs + ANSWER_MS);
    Future<AppendOutcome> appended = sent.map(answer -> outcome(answer, acks));
    return Vigil.keep(
            loop, appended, () -> logs.feeds().calls().givesSign(loop, id, leader), UNANSWERED)
        .onSuccess(
            outcome -> {
              if (acks == ACKS_ALL && outcome.error() == Errors.NONE) {
                // Whoever reads here next finds what was written here.
                logs.feeds().feed(id).told(leader, outcome.baseOffset() + 1);
              }
            })
        .recover(fault -> Future.succeededFuture(outcome(fault)));
  }

  /** Nobody answers a request with acks=0, so the leader is asked for its own word then. */
  private static ProduceRequestData request(
      TopicIdPartition id, ByteBuffer batches, short acks, int timeoutMs) {
    PartitionProduceData part =
        new PartitionProduceData()
            .setIndex(id.partition())
            .setRecords(MemoryRecords.readableRecords(batches));
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    topics.add(
        new TopicProduceData()
            .setName(id.topic())
            .setTopicId(Uuid.ZERO_UUID)
            .setPartitionData(List.of(part)));
    return new ProduceRequestData()
        .setAcks(acks == 0 ? ACKS_LEADER : acks)
        .setTimeoutMs(timeoutMs)
        .setTopicData(topics);
  }

  private static AppendOutcome outcome(PeerAnswer<ProduceResponseData> answer, short acks) {
    try {
      PartitionProduceResponse part =
          answer.message().responses().iterator().next().partitionResponses().get(0);
      return new AppendOutcome(
          Errors.forCode(part.errorCode()),
          acks == 0 ? -1 : part.baseOffset(),
          part.logAppendTimeMs(),
          part.logStartOffset(),
          part.errorMessage());
    } finally {
      answer.release();
    }
  }

  /**
   * Deletes the records below an offset, which may be repeated without harm.
   *
   * @param offset -1 for the high watermark
   * @param timeoutMs how long to wait for the replicas
   */
  public Future<DeleteOutcome> deleteRecords(
      EventLoop loop, TopicIdPartition id, long offset, int timeoutMs) {
    return Patience.ask(
        loop,
        () -> attempt(loop, id, offset, timeoutMs),
        outcome -> Patience.isPassing(outcome.error()),
        Patience.LIMIT_MS);
  }

  private Future<DeleteOutcome> attempt(
      EventLoop loop, TopicIdPartition id, long offset, int timeoutMs) {
    Partition here = logs.partitions().get(id.topicId(), id.partition());
    if (here != null && (here.isLeader() || logs.isOurs(id))) {
      return here.deleteRecords(loop, offset, timeoutMs);
    }
    Leader leader = Leader.of(logs.feeds().image(), id);
    return leader == null || leader.brokerId() == logs.brokerId()
        ? Future.succeededFuture(new DeleteOutcome(Errors.LEADER_NOT_AVAILABLE, -1))
        : Vigil.keep(
            loop,
            logs.feeds().calls().deleteRecords(loop, id, leader, offset, timeoutMs),
            () -> logs.feeds().calls().givesSign(loop, id, leader),
            new DeleteOutcome(Errors.NETWORK_EXCEPTION, -1));
  }

  private static AppendOutcome outcome(Throwable fault) {
    if (fault instanceof PeerFault peer && peer.kind() == PeerFault.Kind.REFUSED) {
      return UNREACHED;
    }
    return UNANSWERED;
  }
}
