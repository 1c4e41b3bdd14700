package io.millrace.handler;

import io.millrace.partition.FetchExtras;
import io.millrace.partition.FetchExtras.Place;
import io.millrace.partition.FollowerFetch;
import io.millrace.partition.FollowerStanding;
import io.millrace.partition.FollowerWatch;
import io.millrace.partition.Partition;
import java.util.ArrayDeque;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a follower's session: where the follower stands, and what it was told.
 *
 * <p>Confined to: the loop of the session, save what a comment names.
 */
final class FollowerPart {

  /** What there is to tell the follower. */
  enum News {
    NONE,
    /** High watermark or log start: they can wait a moment for records to come along. */
    OFFSETS,
    /** Records, a truncation, or an error. */
    URGENT
  }

  /** Answers with records that a follower may hold back: for one whose disk is slow. */
  private static final int UNNAMED_MAX = 12;

  private final Uuid topicId;
  private final int number;
  private int maxBytes;
  private @Nullable FollowerFetch fetch;
  private @Nullable FollowerStanding standing;
  private @Nullable Partition partition;
  private Errors absence = Errors.NONE;
  private boolean answered;
  private boolean queued;
  private boolean held;
  private Place place = Place.ALONE;
  private long sentEnd = -1;
  private boolean sentFurther;
  private final ArrayDeque<Sent> unnamed = new ArrayDeque<>(0);
  private long unnamedBytes;
  private long toldHighWatermark = -1;
  private long toldLogStart = -1;
  private @Nullable FollowerWatch watch;

  // Owner: the shard of the partition.
  private boolean noted;

  /** Records that the follower has not named yet, and where they end. */
  private record Sent(long end, int bytes) {}

  FollowerPart(Uuid topicId, int number) {
    this.topicId = topicId;
    this.number = number;
  }

  Uuid topicId() {
    return topicId;
  }

  int number() {
    return number;
  }

  @Nullable Partition partition() {
    return partition;
  }

  @Nullable FollowerFetch fetch() {
    return fetch;
  }

  /** Where the follower reads from: where it stands, or behind what it was sent since. */
  long offset() {
    return sentEnd;
  }

  int maxBytes() {
    return held ? 0 : maxBytes;
  }

  /** Whether it is to get records: a follower whose disk is full asks for none. */
  boolean wantsRecords() {
    return maxBytes() > 0;
  }

  /** Whether it gets no records for a while. */
  boolean isHeld() {
    return held;
  }

  void hold(boolean now) {
    held = now;
  }

  int leaderEpoch() {
    return fetch == null ? -1 : fetch.currentLeaderEpoch();
  }

  /**
   * The follower names the partition: it stands there now, and may be answered again. One that has
   * not moved may have passed the last answer over while a step was under way, so it is told again.
   * One that goes on takes what it was sent behind that place.
   */
  FollowerFetch ask(FetchPartition asked, int replicaId, long brokerEpoch) {
    Place before = place;
    place = FetchExtras.place(asked);
    boolean awaitsMore = false;
    if (goesOn(asked)) {
      awaitsMore = sentFurther && asked.fetchOffset() <= sentEnd;
      while (!unnamed.isEmpty() && unnamed.peek().end <= asked.fetchOffset()) {
        unnamedBytes -= unnamed.poll().bytes;
      }
    } else {
      unnamed.clear();
      unnamedBytes = 0;
      boolean dropsAnswers = place != Place.ALONE || before != Place.ALONE;
      if (dropsAnswers || (fetch != null && fetch.offset() == asked.fetchOffset())) {
        toldHighWatermark = -1;
      }
    }
    if (unnamed.isEmpty() && !awaitsMore) {
      sentEnd = asked.fetchOffset();
    }
    sentFurther = awaitsMore;
    maxBytes = asked.partitionMaxBytes();
    standing = null;
    answered = awaitsMore;
    absence = Errors.NONE;
    fetch =
        new FollowerFetch(
            replicaId,
            brokerEpoch,
            asked.currentLeaderEpoch(),
            asked.fetchOffset(),
            asked.lastFetchedEpoch(),
            asked.logStartOffset(),
            asked.partitionMaxBytes() > 0);
    return fetch;
  }

  private boolean goesOn(FetchPartition asked) {
    return place == Place.GOES_ON
        && fetch != null
        && fetch.currentLeaderEpoch() == asked.currentLeaderEpoch()
        && fetch.offset() <= asked.fetchOffset();
  }

  void found(Partition now) {
    partition = now;
  }

  /** This broker does not hold it, or its log is not open. */
  void missing(Errors error) {
    partition = null;
    absence = error;
  }

  /** What the partition answered, unless the follower has named another position since. */
  void stands(FollowerFetch asked, FollowerStanding answer) {
    if (fetch == asked) {
      standing = answer;
    }
  }

  /** Who is told on the shard; the last one, to be forgotten with the session. */
  @Nullable FollowerWatch watch() {
    return watch;
  }

  void watchedBy(FollowerWatch by) {
    watch = by;
  }

  /** Notes on the shard that it moved; false when that is noted already. */
  boolean note() {
    boolean first = !noted;
    noted = true;
    return first;
  }

  void noteTaken() {
    noted = false;
  }

  /** Puts it in the queue of those with news; false when it is there. */
  boolean enqueue() {
    boolean first = !queued;
    queued = true;
    return first;
  }

  void dequeued() {
    queued = false;
  }

  /** What a follower that was answered has not been told; nothing until it names the partition. */
  News news() {
    if (answered) {
      return News.NONE;
    }
    if (absence != Errors.NONE) {
      return News.URGENT;
    }
    Partition here = partition;
    FollowerStanding stands = standing;
    if (here == null || stands == null) {
      return News.NONE;
    }
    if (stands.error() != Errors.NONE || stands.isDiverging()) {
      return News.URGENT;
    }
    if (here.checkLeader(leaderEpoch()) != Errors.NONE) {
      return News.URGENT;
    }
    if (hasRecords(here)) {
      return News.URGENT;
    }
    return here.highWatermark() != toldHighWatermark || here.logStartOffset() != toldLogStart
        ? News.OFFSETS
        : News.NONE;
  }

  private boolean hasRecords(Partition here) {
    return wantsRecords() && here.logEndOffset() > offset();
  }

  /** Whether it is to be told records, and nothing that goes before them. */
  boolean awaitsRecords() {
    Partition here = partition;
    FollowerStanding stands = standing;
    return !answered
        && absence == Errors.NONE
        && here != null
        && stands != null
        && stands.error() == Errors.NONE
        && !stands.isDiverging()
        && here.checkLeader(leaderEpoch()) == Errors.NONE
        && hasRecords(here);
  }

  /** Whether an answer to it is without records. */
  @Nullable PartitionData refusal() {
    if (absence != Errors.NONE) {
      return error(absence);
    }
    FollowerStanding stands = standing;
    if (stands != null && stands.error() != Errors.NONE) {
      return error(stands.error());
    }
    if (stands != null && stands.isDiverging()) {
      answered = true;
      return data(Errors.NONE)
          .setDivergingEpoch(
              new EpochEndOffset()
                  .setEpoch(stands.divergingEpoch())
                  .setEndOffset(stands.divergingEnd()));
    }
    return null;
  }

  /** An answer that is an error; with the log start, which a follower that is behind goes to. */
  PartitionData error(Errors error) {
    answered = true;
    toldHighWatermark = -1;
    return data(error);
  }

  private PartitionData data(Errors error) {
    Partition here = partition;
    return new PartitionData()
        .setPartitionIndex(number)
        .setErrorCode(error.code())
        .setHighWatermark(here == null ? -1 : here.highWatermark())
        .setLogStartOffset(here == null ? -1 : here.logStartOffset())
        .setRecords(MemoryRecords.EMPTY);
  }

  /**
   * It is told those offsets, with records or without.
   *
   * @param bytes bytes of records; 0 for none
   * @param end where they end, or -1 when that is not known
   */
  void told(long highWatermark, long logStart, int bytes, long end) {
    toldHighWatermark = highWatermark;
    toldLogStart = logStart;
    if (bytes == 0) {
      answered = false;
      return;
    }
    boolean ahead = place != Place.ALONE;
    sentFurther = ahead && end < 0;
    if (ahead && end >= 0) {
      sentEnd = end;
      unnamed.add(new Sent(end, bytes));
      unnamedBytes += bytes;
    }
    answered = !ahead || end < 0 || unnamedBytes >= maxBytes() || unnamed.size() >= UNNAMED_MAX;
  }
}
