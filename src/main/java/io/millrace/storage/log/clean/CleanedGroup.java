package io.millrace.storage.log.clean;

import java.util.List;

/**
 * Segments and what takes their place.
 *
 * @param sources the segments that go, oldest first
 * @param target the segment that takes their place, finished; it has the name of the first source
 */
public record CleanedGroup(List<SourceSegment> sources, TargetSegment target) {}
