package io.millrace.storage.log;

/**
 * What retention wants to delete: everything below an offset that begins a segment.
 *
 * @param newLogStartOffset where the log is to start
 * @param segments number of segments that go
 * @param bytes their size
 * @param reason for the log file, a few words
 */
public record RetentionStep(long newLogStartOffset, int segments, long bytes, String reason) {}
