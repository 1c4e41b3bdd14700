package io.millrace.storage.log;

/**
 * Where a leader epoch ends in a log (OffsetForLeaderEpoch, KIP-101, KIP-279).
 *
 * @param leaderEpoch the largest epoch known that is not larger than the asked one; −1 when unknown
 * @param endOffset start of the next epoch or the log end offset; −1 when unknown
 */
public record EpochEnd(int leaderEpoch, long endOffset) {
  /** Nothing is known of the asked epoch. */
  public static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);
}
