package io.millrace.storage.log;

import java.nio.file.Path;

/**
 * A segment as housekeeping and tools see it.
 *
 * @param baseOffset its first offset, also its file's name
 * @param endOffset offset behind its last record
 * @param sizeBytes size of its batches
 * @param largestTimestampMs largest timestamp in it, −1 when it is empty
 * @param active whether appends go to it
 * @param file the {@code .log} file
 */
public record SegmentView(
    long baseOffset,
    long endOffset,
    long sizeBytes,
    long largestTimestampMs,
    boolean active,
    Path file) {}
