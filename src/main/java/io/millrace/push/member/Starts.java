package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import io.millrace.push.member.Holdings.Holding;
import io.millrace.push.member.MemberEffect.Begin;
import io.millrace.push.member.MemberEffect.Committed;
import io.millrace.push.member.MemberEffect.Fetch;
import java.util.Set;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Finds out where the partitions begin that were assigned. Confined to: its member. */
final class Starts {
  private static final int FETCH_TIMEOUT_MS = 10_000;
  private static final int RETRY_MS = 100;

  private final Holdings holdings;
  private final Membership membership;
  private final Outbox out;
  private @Nullable PendingCall pending;
  private long notBeforeMs = Long.MIN_VALUE;

  Starts(Holdings holdings, Membership membership, Outbox out) {
    this.holdings = holdings;
    this.membership = membership;
    this.out = out;
  }

  /** Asks for the offsets of what has not begun, unless it is asked already. */
  void send(long nowMs) {
    Set<TopicPartition> waiting = holdings.notBegun();
    if (pending != null || waiting.isEmpty() || nowMs < notBeforeMs) {
      return;
    }
    pending = new PendingCall(out.nextCall(), nowMs, nowMs + FETCH_TIMEOUT_MS);
    out.add(new Fetch(pending.number(), membership.fetch(waiting)));
  }

  /** What was asked is of no use any more: the assignment has changed. */
  void forget() {
    pending = null;
  }

  /** Takes an answer; one to a question that was forgotten is passed over. */
  void answered(int call, OffsetFetchResponseData answer, long nowMs) {
    if (pending == null || pending.number() != call) {
      return;
    }
    pending = null;
    for (OffsetFetchResponseGroup group : answer.groups()) {
      for (OffsetFetchResponseTopics topic : group.topics()) {
        for (OffsetFetchResponsePartitions partition : topic.partitions()) {
          if (group.errorCode() == Errors.NONE.code()
              && partition.errorCode() == Errors.NONE.code()) {
            begin(new TopicPartition(topic.name(), partition.partitionIndex()), partition);
          }
        }
      }
    }
    if (!holdings.notBegun().isEmpty()) {
      notBeforeMs = nowMs + RETRY_MS;
    }
  }

  private void begin(TopicPartition partition, OffsetFetchResponsePartitions found) {
    Holding holding = holdings.get(partition);
    if (holding == null || holding.begun || holding.yielding) {
      return;
    }
    holding.begun = true;
    long offset = found.committedOffset();
    if (offset < 0) {
      out.add(new Begin(partition, null));
      return;
    }
    holding.start = offset;
    holding.stored = offset;
    out.add(new Begin(partition, new Committed(offset, found.committedLeaderEpoch())));
  }

  void tick(long nowMs) {
    if (pending != null && nowMs >= pending.deadlineMs()) {
      pending = null;
    }
  }

  /** Monotonic time in ms of the next tick that is worth it. */
  long nextTickMs() {
    if (pending != null) {
      return pending.deadlineMs();
    }
    return holdings.notBegun().isEmpty() ? Long.MAX_VALUE : notBeforeMs;
  }
}
