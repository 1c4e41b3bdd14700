package io.millrace.storage.log.clean;

import io.millrace.config.LogConfig;
import io.millrace.storage.log.SegmentView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log a compaction would work on.
 *
 * @param firstDirtyOffset where the section begins that no compaction has seen
 * @param endOffset where it ends: the first offset that must not be compacted yet
 * @param cleanBytes bytes in front of the section
 * @param dirtyBytes bytes of the section
 * @param overdue whether {@code max.compaction.lag.ms} asks for it, whatever the ratio
 */
public record CleanPlan(
    long firstDirtyOffset, long endOffset, long cleanBytes, long dirtyBytes, boolean overdue) {

  /**
   * Looks at a log.
   *
   * @param segments all segments, oldest first; the active one is never compacted
   * @param checkpoint where the last compaction ended, or −1 when there was none
   * @param logStartOffset first offset that may be read
   * @param stableOffset last stable offset, at most the high watermark: nothing behind it is
   *     decided
   * @param nowMs wall-clock time in ms
   * @return null when the log has nothing to compact
   */
  public static @Nullable CleanPlan of(
      List<SegmentView> segments,
      long checkpoint,
      long logStartOffset,
      long stableOffset,
      LogConfig config,
      long nowMs) {
    long firstDirty = firstDirty(segments, checkpoint, logStartOffset);
    long end = Math.min(stableOffset, firstUncompactable(segments, firstDirty, config, nowMs));
    long cleanBytes = 0;
    long dirtyBytes = 0;
    boolean overdue = false;
    for (SegmentView segment : segments) {
      if (segment.endOffset() <= firstDirty) {
        cleanBytes += segment.sizeBytes();
      } else if (segment.baseOffset() < end) {
        dirtyBytes += segment.sizeBytes();
        overdue |= nowMs - segment.largestTimestampMs() > config.maxCompactionLagMs();
      }
    }
    if (firstDirty >= end || dirtyBytes == 0) {
      return null;
    }
    return new CleanPlan(firstDirty, end, cleanBytes, dirtyBytes, overdue);
  }

  /** Dirty bytes as part of all, between 0 and 1. */
  public double dirtyRatio() {
    return (double) dirtyBytes / (cleanBytes + dirtyBytes);
  }

  /** Whether to compact now: dirty enough by {@code min.cleanable.dirty.ratio}, or overdue. */
  public boolean isDue(LogConfig config) {
    return overdue || dirtyRatio() > config.minCleanableDirtyRatio();
  }

  private static long firstDirty(List<SegmentView> segments, long checkpoint, long logStart) {
    long begin = segments.isEmpty() ? 0 : segments.get(0).baseOffset();
    long end = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOffset();
    // A checkpoint outside of the log is of another life of it: begin anew.
    boolean trusted = checkpoint >= begin && checkpoint <= end;
    return Math.max(trusted ? checkpoint : begin, logStart);
  }

  private static long firstUncompactable(
      List<SegmentView> segments, long firstDirty, LogConfig config, long nowMs) {
    for (SegmentView segment : segments) {
      boolean tooYoung =
          config.minCompactionLagMs() > 0
              && segment.endOffset() > firstDirty
              && segment.largestTimestampMs() > nowMs - config.minCompactionLagMs();
      if (segment.active() || tooYoung) {
        return segment.baseOffset();
      }
    }
    return Long.MAX_VALUE;
  }
}
