package io.millrace.storage.log;

/**
 * A transaction that was aborted, as the {@code .txnindex} keeps it (KIP-98).
 *
 * @param producerId id of its producer
 * @param firstOffset offset of its first record
 * @param lastOffset offset of its abort marker
 * @param lastStableOffset last stable offset when the marker was appended
 */
public record AbortedTxn(
    long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
