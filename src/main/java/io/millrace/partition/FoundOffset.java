package io.millrace.partition;

import io.millrace.storage.log.EpochEnd;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.TimestampedOffset;
import java.io.IOException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/**
 * An offset that was looked up.
 *
 * @param error NONE, or why the partition refused
 * @param offset the offset; -1 when nothing was found
 * @param timestampMs timestamp of the record there; -1 when unknown
 * @param leaderEpoch epoch that belongs to the offset; -1 when unknown
 */
public record FoundOffset(Errors error, long offset, long timestampMs, int leaderEpoch) {
  private static final FoundOffset NOTHING = new FoundOffset(Errors.NONE, -1, -1, -1);

  /** Nothing was looked up. */
  public static FoundOffset refused(Errors error) {
    return new FoundOffset(error, -1, -1, -1);
  }

  static FoundOffset epochEnd(Log log, int leaderEpoch) {
    EpochEnd end = log.epochEndOffset(leaderEpoch);
    return new FoundOffset(Errors.NONE, end.endOffset(), -1, end.leaderEpoch());
  }

  /** What ListOffsets finds without the latest offset, which needs no look into the log. */
  static FoundOffset in(Log log, long timestampMs, ReadLimit limit) throws IOException {
    long end = limit.of(log.view());
    if (timestampMs == ListOffsetsRequest.EARLIEST_TIMESTAMP
        || timestampMs == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
      TimestampedOffset earliest = log.earliest();
      return new FoundOffset(Errors.NONE, earliest.offset(), -1, earliest.leaderEpoch());
    }
    if (timestampMs == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP
        || timestampMs == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
      // Nothing is tiered, nothing waits for it.
      return NOTHING;
    }
    TimestampedOffset found =
        timestampMs == ListOffsetsRequest.MAX_TIMESTAMP
            ? log.maxTimestamp()
            : log.offsetForTimestamp(timestampMs, end);
    return visible(found, end);
  }

  private static FoundOffset visible(@Nullable TimestampedOffset found, long end) {
    return found == null || found.offset() >= end
        ? NOTHING
        : new FoundOffset(Errors.NONE, found.offset(), found.timestampMs(), found.leaderEpoch());
  }
}
