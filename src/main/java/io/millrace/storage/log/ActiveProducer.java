package io.millrace.storage.log;

/**
 * A producer that the log remembers (DescribeProducers, KIP-664).
 *
 * @param producerId its id
 * @param producerEpoch its epoch
 * @param lastSequence sequence of its last record, −1 when unknown
 * @param lastTimestampMs timestamp of its last batch
 * @param coordinatorEpoch epoch of the coordinator of its last marker, −1 when none
 * @param currentTxnStartOffset first offset of its open transaction, −1 when none
 */
public record ActiveProducer(
    long producerId,
    short producerEpoch,
    int lastSequence,
    long lastTimestampMs,
    int coordinatorEpoch,
    long currentTxnStartOffset) {}
