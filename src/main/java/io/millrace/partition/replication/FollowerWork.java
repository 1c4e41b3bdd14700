package io.millrace.partition.replication;

import io.millrace.eventloop.EventLoop;
import io.millrace.partition.FollowerPosition;
import io.millrace.partition.FollowerSteps;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from a leader's answer for one partition: records are appended, a log that has
 * parted from the leader's is truncated, one that lies before its start begins anew.
 *
 * <p>Confined to: the loop of the fetcher.
 */
final class FollowerWork {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerWork.class);

  private final EventLoop loop;

  FollowerWork(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * A step that ended well.
   *
   * @param leaderMustKnow whether the replica stands elsewhere now
   * @param bytes bytes of records that were appended
   */
  record Done(FollowerPosition position, boolean leaderMustKnow, int bytes) {}

  /** Finds out where the log stands. */
  Future<Done> begin(FollowedPartition part) {
    return moved(part.partition().following().begin(loop, part.leaderEpoch()));
  }

  /**
   * Carries out what the leader answered. The answer's frame is needed until it is done.
   *
   * @return fails when the leader refused, or when the step is refused or fails
   */
  Future<Done> take(FollowedPartition part, PartitionData data) {
    Errors error = Errors.forCode(data.errorCode());
    if (error == Errors.OFFSET_OUT_OF_RANGE && data.logStartOffset() >= 0) {
      return restart(part, data.logStartOffset());
    }
    if (error != Errors.NONE) {
      return Future.failedFuture("the leader says " + error);
    }
    if (data.divergingEpoch().epoch() >= 0) {
      return truncate(part, data);
    }
    ByteBuffer records = records(data);
    return records == null ? note(part, data) : append(part, records, data);
  }

  private static @Nullable ByteBuffer records(PartitionData data) {
    return data.records() instanceof MemoryRecords records && records.sizeInBytes() > 0
        ? records.buffer()
        : null;
  }

  private Future<Done> append(FollowedPartition part, ByteBuffer records, PartitionData data) {
    String fault = ReceivedBatches.fault(records, part.leaderEpoch());
    if (fault != null) {
      LOG.warn("what the leader sent of {} is not taken: {}", part, fault);
      return Future.failedFuture(fault);
    }
    int bytes = records.remaining();
    return steps(part)
        .append(loop, part.leaderEpoch(), records, data.highWatermark(), data.logStartOffset())
        .map(now -> new Done(now, true, bytes));
  }

  private Future<Done> note(FollowedPartition part, PartitionData data) {
    long before = part.position().logStartOffset();
    return steps(part)
        .note(loop, part.leaderEpoch(), data.highWatermark(), data.logStartOffset())
        .map(now -> new Done(now, now.logStartOffset() != before, 0));
  }

  private Future<Done> truncate(FollowedPartition part, PartitionData data) {
    LOG.info(
        "{} ends at {} in epoch {}, where the leader's epoch {} ends at {}: it is truncated",
        part,
        part.position().endOffset(),
        part.position().lastEpoch(),
        data.divergingEpoch().epoch(),
        data.divergingEpoch().endOffset());
    return moved(
        steps(part)
            .truncate(
                loop,
                part.leaderEpoch(),
                data.divergingEpoch().epoch(),
                data.divergingEpoch().endOffset()));
  }

  private Future<Done> restart(FollowedPartition part, long offset) {
    LOG.info(
        "{} ends at {}, outside the leader's log: it begins anew at {}",
        part,
        part.position().endOffset(),
        offset);
    return moved(steps(part).restartAt(loop, part.leaderEpoch(), offset));
  }

  private static FollowerSteps steps(FollowedPartition part) {
    return part.partition().following();
  }

  private static Future<Done> moved(Future<FollowerPosition> step) {
    return step.map(now -> new Done(now, true, 0));
  }
}
