package io.millrace.partition;

/**
 * How far a log reaches. Immutable.
 *
 * @param lastEpoch leader epoch of its last whole batch, -1 when it has none
 * @param endOffset offset behind its last record
 */
public record ReplicaEnd(int lastEpoch, long endOffset) {}
