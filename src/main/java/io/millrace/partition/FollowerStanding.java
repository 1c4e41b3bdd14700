package io.millrace.partition;

import org.apache.kafka.common.protocol.Errors;

/**
 * What the leader answers to where a follower stands. Immutable.
 *
 * @param error NONE, or why it cannot be served
 * @param divergingEpoch the largest leader epoch of the leader's log that is at most the follower's
 *     last one; -1 when the follower's log is a part of the leader's
 * @param divergingEnd where that epoch ends; -1 when nothing diverges
 */
public record FollowerStanding(Errors error, int divergingEpoch, long divergingEnd) {
  static final FollowerStanding GOOD = new FollowerStanding(Errors.NONE, -1, -1);

  static FollowerStanding refused(Errors error) {
    return new FollowerStanding(error, -1, -1);
  }

  /** Whether the follower must truncate before it can go on (KIP-595). */
  public boolean isDiverging() {
    return divergingEpoch >= 0;
  }
}
