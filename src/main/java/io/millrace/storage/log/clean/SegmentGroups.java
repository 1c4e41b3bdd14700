package io.millrace.storage.log.clean;

import io.millrace.config.LogConfig;
import java.util.ArrayList;
import java.util.List;

/** Puts neighbouring segments together so that compaction leaves few small ones. */
final class SegmentGroups {

  private SegmentGroups() {}

  /**
   * Groups in order; none grows past {@code segment.bytes}, past what {@code segment.index.bytes}
   * can index, or past the 31 bits that an index entry has for an offset.
   */
  static List<List<SourceSegment>> of(List<SourceSegment> segments, LogConfig config) {
    List<List<SourceSegment>> groups = new ArrayList<>();
    List<SourceSegment> group = new ArrayList<>();
    long bytes = 0;
    for (SourceSegment segment : segments) {
      boolean full =
          bytes + segment.sizeBytes() > bytesMax(config)
              || (!group.isEmpty()
                  && segment.endOffset() - 1 - group.get(0).baseOffset() > Integer.MAX_VALUE);
      if (full && !group.isEmpty()) {
        groups.add(List.copyOf(group));
        group.clear();
        bytes = 0;
      }
      group.add(segment);
      bytes += segment.sizeBytes();
    }
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    return groups;
  }

  private static long bytesMax(LogConfig config) {
    // One entry of 12 bytes (time index) for each interval.
    long indexed = (long) config.indexBytes() / 12 * Math.max(1, config.indexIntervalBytes());
    return Math.min(config.segmentBytes(), indexed);
  }
}
