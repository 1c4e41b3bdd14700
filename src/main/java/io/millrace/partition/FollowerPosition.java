package io.millrace.partition;

/**
 * Where a replica stands that follows. Immutable.
 *
 * @param endOffset first offset that it does not have
 * @param lastEpoch leader epoch of its last record, -1 when it has none
 * @param logStartOffset its log start
 */
public record FollowerPosition(long endOffset, int lastEpoch, long logStartOffset) {}
