package io.millrace.coordinator.shard;

import io.millrace.model.TopicPartition;

/**
 * Something to be done to another partition once the records of the step are committed: the end
 * marker of a transaction (KIP-98).
 *
 * @param target partition that the marker goes to
 * @param producerId producer whose transaction ends
 * @param producerEpoch epoch of the producer
 * @param committed whether the transaction commits
 */
public record Effect(
    TopicPartition target, long producerId, short producerEpoch, boolean committed) {}
