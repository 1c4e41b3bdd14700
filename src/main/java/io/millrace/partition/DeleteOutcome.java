package io.millrace.partition;

import org.apache.kafka.common.protocol.Errors;

/**
 * What became of DeleteRecords on one partition.
 *
 * @param error NONE, POLICY_VIOLATION, OFFSET_OUT_OF_RANGE, or why the partition refused
 * @param lowWatermark least log start of all replicas now; -1 with an error
 */
public record DeleteOutcome(Errors error, long lowWatermark) {}
