package io.millrace.storage.log;

/**
 * An offset found by its timestamp (ListOffsets).
 *
 * @param offset offset of the record
 * @param timestampMs its timestamp, −1 when not asked for or unknown
 * @param leaderEpoch epoch of its batch, −1 when unknown
 */
public record TimestampedOffset(long offset, long timestampMs, int leaderEpoch) {}
