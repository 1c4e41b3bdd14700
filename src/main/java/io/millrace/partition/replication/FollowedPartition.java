package io.millrace.partition.replication;

import io.millrace.partition.FetchExtras;
import io.millrace.partition.FetchExtras.Place;
import io.millrace.partition.FollowerPosition;
import io.millrace.partition.Partition;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
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
  private boolean ahead;
  private long startedBy;
  private final ArrayDeque<Received> received = new ArrayDeque<>(0);
  private Stage stage = Stage.WORKING;
  private @Nullable FollowerPosition position;

  FollowedPartition(Partition partition, int leaderEpoch, int backoffMs) {
    this.partition = partition;
    this.leaderEpoch = leaderEpoch;
    this.backoff = new Backoff(backoffMs);
  }

  /**
   * What the leader sent before the step before it was done.
   *
   * @param done to be completed when the bytes are needed no more
   */
  record Received(PartitionData data, Promise<Void> done) {}

  /** An answer came while a step was under way: the leader waits until it is told again. */
  void passOver() {
    passedOver = true;
    startAnew();
  }

  /** Whether the leader sends records behind those that it was not told of. */
  boolean isAhead() {
    return ahead;
  }

  /** Number of the request that said where the leader is to start: older answers say nothing. */
  long startedBy() {
    return startedBy;
  }

  /** What the leader sent is not gone on with: it is told where to start. */
  void startAnew() {
    ahead = false;
    for (Received each = received.poll(); each != null; each = received.poll()) {
      each.done.complete();
    }
  }

  /** Takes what the leader sent, for later. */
  Received receive(PartitionData data) {
    Received last = new Received(data, Promise.promise());
    received.add(last);
    return last;
  }

  /** What was received first of what is to be done; null when there is none. */
  @Nullable Received nextReceived() {
    return received.poll();
  }

  /** Whether the leader may send on, if it is told where this replica stands now. */
  boolean mayGoAhead(boolean far) {
    return far && !throttled && partition.hasRoom();
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

  /**
   * What the leader is asked: for no bytes where the disk is full.
   *
   * @param far whether the leader may send records before it is told of those before
   * @param number of the request
   */
  FetchPartition message(int maxBytes, boolean far, long number) {
    FollowerPosition now = position();
    asksForRecords = partition.hasRoom();
    Place place = !mayGoAhead(far) ? Place.ALONE : ahead ? Place.GOES_ON : Place.STARTS;
    if (place != Place.GOES_ON) {
      startedBy = number;
    }
    ahead = place != Place.ALONE;
    FetchPartition message = new FetchPartition();
    FetchExtras.put(message, place);
    return message
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
