package io.millrace.browser;

import io.millrace.browser.Position.Point;
import io.millrace.eventloop.EventLoop;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.CommittedOffsets;
import io.millrace.partition.FoundOffset;
import io.vertx.core.Future;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Finds the offset that a place means in a partition. Stateless. */
public final class PlaceFinder {
  private PlaceFinder() {}

  /**
   * What was found.
   *
   * @param error NONE, or why the partition refused
   * @param offset first offset to read
   * @param leaderEpoch leader epoch of the record before it, -1 when unknown
   * @param end last stable offset at that time
   * @param gap what is missing in front of it, or null
   */
  public record Start(Errors error, long offset, int leaderEpoch, long end, @Nullable Gap gap) {
    static Start refused(Errors error) {
      return new Start(error, -1, -1, -1, null);
    }
  }

  /**
   * Looks a place up. An offset that is not there is answered with the next one that is, and the
   * gap between.
   *
   * @param loop the loop that asks; gets the answer
   * @throws RefusedException when the place cannot be meant for a partition by itself
   */
  public static Future<Start> find(EventLoop loop, CommittedLog partition, Place place) {
    if (place instanceof Place.Committed) {
      throw RefusedException.invalid(
          "Only a member of a group can begin at what is committed.", Place.WORDS);
    }
    return partition
        .offsets(loop)
        .compose(
            now ->
                now.error() == Errors.NONE
                    ? find(loop, partition, place, now)
                    : Future.succeededFuture(Start.refused(now.error())));
  }

  private static Future<Start> find(
      EventLoop loop, CommittedLog partition, Place place, CommittedOffsets now) {
    long start = now.logStartOffset();
    long end = now.limit();
    if (place instanceof Place.Earliest) {
      return found(start, end);
    } else if (place instanceof Place.Latest) {
      return found(end, end);
    } else if (place instanceof Place.FromEnd fromEnd) {
      return found(Math.max(start, end - fromEnd.count()), end);
    } else if (place instanceof Place.At at) {
      return Future.succeededFuture(inRange(at.offset(), -1, now));
    } else if (place instanceof Place.Since since) {
      return byTime(loop, partition, since.timestampMs(), end);
    } else if (place instanceof Place.Age age) {
      return byTime(loop, partition, loop.clock().wallMs() - age.ms(), end);
    } else if (place instanceof Place.Resume resume) {
      return resume(loop, partition, resume.position(), now);
    }
    throw new IllegalStateException("not a place in a partition: " + place);
  }

  private static Future<Start> found(long offset, long end) {
    return Future.succeededFuture(new Start(Errors.NONE, offset, -1, end, null));
  }

  private static Future<Start> byTime(
      EventLoop loop, CommittedLog partition, long timestampMs, long end) {
    return partition
        .findOffset(loop, Math.max(0, timestampMs))
        .map(
            found ->
                found.error() == Errors.NONE
                    ? new Start(
                        Errors.NONE, found.offset() < 0 ? end : found.offset(), -1, end, null)
                    : Start.refused(found.error()));
  }

  private static Start inRange(long offset, int epoch, CommittedOffsets now) {
    if (offset < now.logStartOffset()) {
      Gap gap = new Gap(offset, now.logStartOffset(), Gap.Why.RETENTION);
      return new Start(Errors.NONE, now.logStartOffset(), -1, now.limit(), gap);
    } else if (offset > now.highWatermark()) {
      Gap gap = new Gap(offset, now.limit(), Gap.Why.TRUNCATED);
      return new Start(Errors.NONE, now.limit(), -1, now.limit(), gap);
    }
    return new Start(Errors.NONE, offset, epoch, now.limit(), null);
  }

  /** A partition that the position does not name was added since: it is read from its start. */
  private static Future<Start> resume(
      EventLoop loop, CommittedLog partition, Position position, CommittedOffsets now) {
    Position.TopicPosition topic = position.topics().get(partition.id().topic());
    if (topic != null && !topic.id().equals(partition.id().topicId())) {
      return Future.succeededFuture(Start.refused(Errors.INCONSISTENT_TOPIC_ID));
    }
    Point point = topic == null ? null : topic.at().get(partition.id().partition());
    if (point == null) {
      return found(now.logStartOffset(), now.limit());
    }
    if (point.leaderEpoch() < 0 || point.offset() < now.logStartOffset()) {
      return Future.succeededFuture(inRange(point.offset(), point.leaderEpoch(), now));
    }
    return partition
        .epochEnd(loop, point.leaderEpoch())
        .map(epochEnd -> checked(point, epochEnd, now));
  }

  /** Whether the log still is the one that the reader saw (KIP-320). */
  private static Start checked(Point point, FoundOffset epochEnd, CommittedOffsets now) {
    if (epochEnd.error() != Errors.NONE) {
      return Start.refused(epochEnd.error());
    }
    boolean diverged =
        epochEnd.offset() < 0
            || (epochEnd.offset() < point.offset()
                && epochEnd.leaderEpoch() <= point.leaderEpoch());
    if (!diverged) {
      // A new leader may not know yet how far the log is committed: what the reader saw was.
      return new Start(Errors.NONE, point.offset(), point.leaderEpoch(), now.limit(), null);
    }
    long to = Math.max(now.logStartOffset(), Math.min(epochEnd.offset(), now.limit()));
    Gap gap = new Gap(point.offset(), to, Gap.Why.TRUNCATED);
    return new Start(Errors.NONE, to, epochEnd.leaderEpoch(), now.limit(), gap);
  }
}
