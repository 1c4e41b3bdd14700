package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import io.millrace.push.member.Holdings.Holding;
import io.millrace.push.member.MemberEffect.Acknowledged;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.NotAcknowledged;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a page acknowledges, on its way to being committed.
 *
 * <p>One commit is under way at a time; what is acknowledged meanwhile goes into the next one. An
 * acknowledgement is of all records before an offset, so it never moves back. Confined to: its
 * member.
 */
final class Acks {
  private static final int WAITING_MAX = 1_024;
  private static final int ANSWERED_WITHIN_MS = 30_000;
  private static final int COMMIT_TIMEOUT_MS = 5_000;
  private static final int RETRY_MS = 100;

  private final Holdings holdings;
  private final Membership membership;
  private final Outbox out;

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Map<TopicPartition, OffsetCommitRequestPartition> queued =
      new TreeMap<>(Holdings.ORDER);
  private @Nullable InFlight inFlight;
  private long notBeforeMs = Long.MIN_VALUE;

  /** An acknowledgement and what of it is not committed yet. */
  private record Waiting(long ack, Map<TopicPartition, Long> rest, long deadlineMs) {}

  private record InFlight(
      PendingCall call,
      int generation,
      Map<TopicPartition, OffsetCommitRequestPartition> partitions) {}

  Acks(Holdings holdings, Membership membership, Outbox out) {
    this.holdings = holdings;
    this.membership = membership;
    this.out = out;
  }

  /** The page has consumed all records before these offsets. */
  void acknowledge(long ack, Map<TopicPartition, Long> to, long nowMs) {
    if (waiting.size() >= WAITING_MAX) {
      refuse(
          ack,
          Errors.THROTTLING_QUOTA_EXCEEDED,
          WAITING_MAX + " acknowledgements wait to be stored already.",
          "Acknowledge several records at once.");
      return;
    }
    String wrong = null;
    Errors error = Errors.NONE;
    Map<TopicPartition, Long> rest = new TreeMap<>(Holdings.ORDER);
    for (Map.Entry<TopicPartition, Long> one : to.entrySet()) {
      TopicPartition partition = one.getKey();
      Holding holding = holdings.get(partition);
      if (holding == null) {
        error = Errors.ILLEGAL_GENERATION;
        wrong = "Partition " + partition + " is not assigned to this subscription.";
      } else if (one.getValue() < 0
          || one.getValue() > Math.max(holding.start, holding.delivered)) {
        error = Errors.OFFSET_OUT_OF_RANGE;
        wrong =
            "Records up to " + one.getValue() + " of " + partition + " were not delivered here.";
      } else if (one.getValue() > holding.stored) {
        rest.put(partition, one.getValue());
        take(partition, holding, one.getValue());
      }
    }
    if (wrong != null) {
      refuse(ack, error, wrong, "What is not acknowledged is delivered again.");
    } else if (rest.isEmpty()) {
      out.add(new Acknowledged(ack));
    } else {
      waiting.add(new Waiting(ack, rest, nowMs + ANSWERED_WITHIN_MS));
    }
  }

  private void take(TopicPartition partition, Holding holding, long offset) {
    if (offset > holding.acknowledged) {
      holding.acknowledged = offset;
      queue(partition, offset, offset == holding.delivered ? holding.deliveredEpoch : -1);
    }
  }

  /** Commits where a partition begins, so that what is delivered from there is not lost. */
  void keepStart(TopicPartition partition, long offset, int leaderEpoch) {
    queue(partition, offset, leaderEpoch);
  }

  private void queue(TopicPartition partition, long offset, int leaderEpoch) {
    queued.put(
        partition,
        new OffsetCommitRequestPartition()
            .setPartitionIndex(partition.partition())
            .setCommittedOffset(offset)
            .setCommittedLeaderEpoch(leaderEpoch)
            .setCommittedMetadata(""));
  }

  /** Sends the next commit, unless one is under way. */
  void send(long nowMs) {
    if (inFlight != null || queued.isEmpty() || nowMs < notBeforeMs) {
      return;
    }
    Map<TopicPartition, OffsetCommitRequestPartition> partitions = new LinkedHashMap<>(queued);
    queued.clear();
    PendingCall call = new PendingCall(out.nextCall(), nowMs, nowMs + COMMIT_TIMEOUT_MS);
    inFlight = new InFlight(call, membership.generation(), partitions);
    out.add(new Commit(call.number(), membership.commit(partitions)));
  }

  /** Sends all that is left, without regard to the one under way: nothing comes after it. */
  void sendLast(long nowMs) {
    inFlight = null;
    notBeforeMs = Long.MIN_VALUE;
    send(nowMs);
  }

  /** When the call was sent that this answers; -1 when it is not waited for. */
  long sentAtMs(int call) {
    return inFlight != null && inFlight.call.number() == call ? inFlight.call.sentAtMs() : -1;
  }

  /**
   * Takes the answer of a commit.
   *
   * @return an error that concerns the membership as a whole, or NONE
   */
  Errors answered(OffsetCommitResponseData answer, long nowMs) {
    InFlight sent = inFlight;
    if (sent == null) {
      return Errors.NONE;
    }
    inFlight = null;
    Errors whole = Errors.NONE;
    for (OffsetCommitResponseTopic topic : answer.topics()) {
      for (OffsetCommitResponsePartition result : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), result.partitionIndex());
        OffsetCommitRequestPartition offset = sent.partitions.get(partition);
        if (offset != null) {
          Errors error = Errors.forCode(result.errorCode());
          whole = concernsAll(error, sent) ? error : whole;
          settle(partition, offset, error, sent, nowMs);
        }
      }
    }
    return whole;
  }

  private boolean concernsAll(Errors error, InFlight sent) {
    return switch (error) {
      case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, GROUP_AUTHORIZATION_FAILED -> true;
      case ILLEGAL_GENERATION -> sent.generation == membership.generation();
      default -> false;
    };
  }

  private void settle(
      TopicPartition partition,
      OffsetCommitRequestPartition offset,
      Errors error,
      InFlight sent,
      long nowMs) {
    Holding holding = holdings.get(partition);
    if (holding == null) {
      return;
    }
    boolean again =
        error.exception() instanceof RetriableException
            || error == Errors.REBALANCE_IN_PROGRESS
            || (error == Errors.ILLEGAL_GENERATION && sent.generation != membership.generation());
    if (error == Errors.NONE) {
      holding.stored = Math.max(holding.stored, offset.committedOffset());
      stored(partition, holding.stored);
    } else if (again) {
      queueAgain(partition, offset);
      notBeforeMs = nowMs + RETRY_MS;
    } else {
      refuseAll(partition, error, error.message());
    }
  }

  /** Unless more was acknowledged meanwhile. */
  private void queueAgain(TopicPartition partition, OffsetCommitRequestPartition offset) {
    Holding holding = holdings.get(partition);
    if (holding != null && offset.committedOffset() > holding.stored) {
      queued.putIfAbsent(partition, offset);
    }
  }

  private void stored(TopicPartition partition, long upTo) {
    Iterator<Waiting> all = waiting.iterator();
    while (all.hasNext()) {
      Waiting one = all.next();
      Long offset = one.rest.get(partition);
      if (offset != null && offset <= upTo) {
        one.rest.remove(partition);
        if (one.rest.isEmpty()) {
          all.remove();
          out.add(new Acknowledged(one.ack));
        }
      }
    }
  }

  /** Partitions that the member has no more. */
  void dropped(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      queued.remove(partition);
      if (inFlight != null) {
        // Its answer is of no use: what is assigned again begins anew.
        inFlight.partitions.remove(partition);
      }
      refuseAll(
          partition,
          Errors.ILLEGAL_GENERATION,
          "Partition " + partition + " was given to another member before it was stored.");
    }
  }

  private void refuseAll(TopicPartition partition, Errors error, String why) {
    Iterator<Waiting> all = waiting.iterator();
    while (all.hasNext()) {
      Waiting one = all.next();
      if (one.rest.containsKey(partition)) {
        all.remove();
        refuse(one.ack, error, why, "What is not acknowledged is delivered again.");
      }
    }
  }

  private void refuse(long ack, Errors error, String why, String hint) {
    out.add(new NotAcknowledged(ack, error, why, hint));
  }

  /** Whether nothing is under way or about to be. */
  boolean areSettled() {
    return inFlight == null && queued.isEmpty();
  }

  void tick(long nowMs) {
    if (inFlight != null && nowMs >= inFlight.call.deadlineMs()) {
      inFlight.partitions.forEach(this::queueAgain);
      inFlight = null;
    }
    while (!waiting.isEmpty() && nowMs >= waiting.peek().deadlineMs) {
      refuse(
          waiting.remove().ack,
          Errors.REQUEST_TIMED_OUT,
          "The acknowledgement was not stored within " + ANSWERED_WITHIN_MS / 1_000 + " s.",
          "It may still be; acknowledge again.");
    }
  }

  /** Monotonic time in ms of the next tick that is worth it. */
  long nextTickMs() {
    long next = waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().deadlineMs;
    if (inFlight != null) {
      next = Math.min(next, inFlight.call.deadlineMs());
    } else if (!queued.isEmpty()) {
      next = Math.min(next, notBeforeMs);
    }
    return next;
  }
}
