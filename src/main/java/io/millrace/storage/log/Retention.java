package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Decides which segments a topic's settings give up; changes nothing. As Kafka's retention. */
final class Retention {
  private Retention() {}

  static @Nullable RetentionStep due(LogView view, LogConfig config, long nowMs)
      throws IOException {
    int deletable = deletable(view);
    int byStart = 0;
    while (byStart < deletable && endOf(view, byStart) <= view.logStartOffset()) {
      byStart++;
    }
    int count = byStart;
    String reason = "log start";
    if (config.cleanup().delete()) {
      int byTime = Math.max(count, expired(view, config, nowMs, deletable));
      if (byTime > count) {
        count = byTime;
        reason = "retention.ms";
      }
      int bySize = oversize(view, config, deletable);
      if (bySize > count) {
        count = bySize;
        reason = "retention.bytes";
      }
    }
    if (count == 0) {
      return null;
    }
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += view.at(i).endPosition();
    }
    long start = Math.max(view.logStartOffset(), endOf(view, count - 1));
    return new RetentionStep(start, count, bytes, reason);
  }

  /**
   * Segments from the oldest on that are wholly committed; an empty active one is not among them.
   */
  private static int deletable(LogView view) {
    int count = 0;
    int last = view.segmentCount() - 1;
    while (count <= last
        && endOf(view, count) <= view.highWatermark()
        && (count < last || view.at(count).endPosition() > 0)) {
      count++;
    }
    return count;
  }

  private static long endOf(LogView view, int index) {
    return view.at(index).endOffset();
  }

  private static int expired(LogView view, LogConfig config, long nowMs, int deletable)
      throws IOException {
    if (config.retentionMs() < 0) {
      return 0;
    }
    int count = 0;
    while (count < deletable) {
      if (!isTooOld(view.at(count), config, nowMs)) {
        break;
      }
      count++;
    }
    return count;
  }

  /**
   * Whether its newest record is too old. The batches are asked whenever the index has it deleted,
   * and when it says what would keep the segment for ever.
   */
  private static boolean isTooOld(SegmentExtent extent, LogConfig config, long nowMs)
      throws IOException {
    long newest = extent.newest().timestampMs();
    boolean keeps = newest >= 0 && newest <= nowMs && nowMs - newest <= config.retentionMs();
    if (keeps) {
      return false;
    }
    long sure = extent.largestTimestampMs();
    return sure >= 0 && nowMs - sure > config.retentionMs();
  }

  private static int oversize(LogView view, LogConfig config, int deletable) {
    if (config.retentionBytes() < 0) {
      return 0;
    }
    long excess = view.sizeBytes() - config.retentionBytes();
    int count = 0;
    while (count < deletable && excess >= view.at(count).endPosition()) {
      excess -= view.at(count).endPosition();
      count++;
    }
    return count;
  }
}
