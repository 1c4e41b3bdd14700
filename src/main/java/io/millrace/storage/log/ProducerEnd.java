package io.millrace.storage.log;

/**
 * The newest batch of a producer, which compaction must leave.
 *
 * @param lastOffset offset of its last record, −1 when only a marker is known
 * @param epoch the producer's epoch
 */
public record ProducerEnd(long lastOffset, short epoch) {}
