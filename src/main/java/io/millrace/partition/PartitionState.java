package io.millrace.partition;

import io.millrace.config.LogConfig;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What any thread may know of a partition at one moment; replaced as a whole.
 *
 * <p>Immutable, save the replica.
 *
 * @param leadership who leads, while there is no replica that knows better
 * @param config settings of the topic
 * @param replica null until the log is open, and when it cannot be opened
 * @param problem why requests are refused; NONE when they are not
 */
record PartitionState(
    Leadership leadership, LogConfig config, @Nullable LocalReplica replica, Errors problem) {
  private static final int NO_EPOCH = -1;

  @Override
  public Leadership leadership() {
    return replica == null ? leadership : replica.leadership();
  }

  /** As {@link Partition#isLeader}. */
  boolean isLeader() {
    return problem == Errors.NONE && leadership().isLeader();
  }

  /** As {@link Partition#checkLeader}. */
  Errors checkLeader(int currentLeaderEpoch) {
    if (problem != Errors.NONE) {
      return problem;
    }
    Leadership now = leadership();
    int epoch = now.leaderEpoch();
    if (currentLeaderEpoch != NO_EPOCH && currentLeaderEpoch != epoch) {
      return currentLeaderEpoch < epoch ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
    }
    return now.isLeader() ? Errors.NONE : Errors.NOT_LEADER_OR_FOLLOWER;
  }

  /** As {@link #checkLeader} for a reader who may read from any replica (KIP-392). */
  Errors checkReplica(int currentLeaderEpoch) {
    Errors error = checkLeader(currentLeaderEpoch);
    return error == Errors.NOT_LEADER_OR_FOLLOWER && problem == Errors.NONE ? Errors.NONE : error;
  }
}
