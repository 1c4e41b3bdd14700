package io.millrace.partition.replication;

import io.millrace.partition.FollowerPosition;
import io.millrace.partition.Partition;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition that this broker follows, in one leader epoch.
 *
 * <p>Confined to: the loop of its fetcher.
 */
final class FollowedPartition {

  /** What is being done with it. */
  enum Stage {
    /** A step on its log is under way. */
    WORKING,
    /** The leader is to be told where it stands. */
    DUE,
    /** The leader knows where it stands. */
    WAITING,
    /** Something failed; tried again a little later. */
    RESTING
  }

  private final Partition partition;
  private final int leaderEpoch;
  private final Backoff backoff;
  private boolean throttled;
  private boolean passedOver;
  private boolean asksForRecords = true;
  private Stage stage = Stage.WORKING;
  private @Nullable FollowerPosition position;

  FollowedPartition(Partition partition, int leaderEpoch, int backoffMs) {
    this.partition = partition;
    this.leaderEpoch = leaderEpoch;
    this.backoff = new Backoff(backoffMs);
  }

  /** An answer came while a step was under way: the leader waits until it is told again. */
  void passOver() {
    passedOver = true;
  }

  /** Whether an answer was passed over since the last call. */
  boolean takePassedOver() {
    boolean was = passedOver;
    passedOver = false;
    return was;
  }

  /** Whether it pauses when copies take too much. */
  boolean isThrottled() {
    return throttled;
  }

  void setThrottled(boolean now) {
    throttled = now;
  }

  Partition partition() {
    return partition;
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  Stage stage() {
    return stage;
  }

  void setStage(Stage next) {
    stage = next;
  }

  Backoff backoff() {
    return backoff;
  }

  void stands(FollowerPosition now) {
    position = now;
  }

  /** Where it stands; it must have begun. */
  FollowerPosition position() {
    FollowerPosition now = position;
    if (now == null) {
      throw new IllegalStateException(partition + " has not begun");
    }
    return now;
  }

  /** Whether the leader was asked for records though there is no room, or the other way round. */
  boolean asksWrongly() {
    return asksForRecords != partition.hasRoom();
  }

  /** What the leader is asked: for no bytes where the disk is full. */
  FetchPartition message(int maxBytes) {
    FollowerPosition now = position();
    asksForRecords = partition.hasRoom();
    return new FetchPartition()
        .setPartition(partition.id().partition())
        .setCurrentLeaderEpoch(leaderEpoch)
        .setFetchOffset(now.endOffset())
        .setLastFetchedEpoch(now.lastEpoch())
        .setLogStartOffset(now.logStartOffset())
        .setPartitionMaxBytes(asksForRecords ? maxBytes : 0);
  }

  @Override
  public String toString() {
    return partition + " in leader epoch " + leaderEpoch;
  }
}
