package io.millrace.storage.log.clean;

import java.util.List;

/**
 * What one compaction made.
 *
 * @param groups segments with what takes their place
 * @param endOffset where the compacted part now ends: the next one's first dirty offset
 * @param bytesBefore bytes of all sources
 * @param bytesAfter bytes of all targets
 * @param keys number of distinct keys in the dirty section
 */
public record Compaction(
    List<CleanedGroup> groups, long endOffset, long bytesBefore, long bytesAfter, int keys) {}
