package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * Sends away whoever waits for replicas at a leader without a lease. It may have been replaced and
 * hear nothing of that, so that its clients would wait until their own time is over; the next
 * leader has what they sent, or takes it. Where replicas still come for records, because it is the
 * controller alone that is silent, nobody waits for that long.
 *
 * <p>Confined to: the shard that owns the partition.
 */
final class LeaselessWaits {
  private static final long LOOK_MS = 500;

  /** No end that was there when it was looked last. */
  private static final long NOTHING = -1;

  private final EventLoop shard;
  private final CommitQueue commits;
  private final LongSupplier logEnd;
  private final BooleanSupplier holdsLease;

  private boolean looks;
  private long endBefore = NOTHING;

  LeaselessWaits(
      EventLoop shard, CommitQueue commits, LongSupplier logEnd, BooleanSupplier holdsLease) {
    this.shard = shard;
    this.commits = commits;
    this.logEnd = logEnd;
    this.holdsLease = holdsLease;
  }

  /** Somebody waits. */
  void watch() {
    if (!looks) {
      looks = true;
      shard.scheduleTurn(LOOK_MS, this::look);
    }
  }

  private void look() {
    looks = false;
    if (holdsLease.getAsBoolean() || commits.isEmpty()) {
      endBefore = NOTHING;
    } else {
      commits.release(endBefore, Errors.NOT_LEADER_OR_FOLLOWER);
      endBefore = logEnd.getAsLong();
    }
    if (!commits.isEmpty()) {
      watch();
    }
  }
}
