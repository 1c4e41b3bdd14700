package io.millrace.partition;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.vertx.core.Future;

/**
 * A partition as readers see it that read what is committed ({@code read_committed}), whichever
 * broker leads it. Two are equal when they are of the same partition.
 *
 * <p>All futures complete on the loop that asks, at once when nothing has to be waited for.
 *
 * <p>Thread-safe.
 */
public interface CommittedLog {
  /** Name, number and topic id. */
  TopicIdPartition id();

  /** Settings of the topic. */
  LogConfig config();

  /** Where it begins and ends now. */
  Future<CommittedOffsets> offsets(EventLoop loop);

  /** Last stable offset as far as known here, without asking anybody; -1 when not known. */
  long end();

  /**
   * Reads batches.
   *
   * @param from first offset wanted; the first batch may begin before it
   * @param maxBytes how much at most, save that one batch always comes
   */
  Future<CommittedRead> read(EventLoop loop, long from, int maxBytes);

  /**
   * The first record with this timestamp or a later one.
   *
   * @param timestampMs in ms since the epoch, or one of {@code ListOffsetsRequest}'s constants
   */
  Future<FoundOffset> findOffset(EventLoop loop, long timestampMs);

  /** Where a leader epoch ends (KIP-101): its end, or that of the largest epoch before it. */
  Future<FoundOffset> epochEnd(EventLoop loop, int leaderEpoch);

  /**
   * Wakes a reader once, on its loop, when its limit is no longer the one that it saw, or when
   * anything else changed that a new read may tell.
   *
   * @param seen {@link CommittedRead#limit} of its last read
   */
  Registration awaitData(EventLoop loop, long seen, Runnable wake);
}
