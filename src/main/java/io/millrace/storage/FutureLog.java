package io.millrace.storage;

import io.millrace.model.TopicPartition;

/**
 * A log that follows the local one in another folder, to take its place. Immutable.
 *
 * @param partition whose log it is
 * @param folder where it is made
 * @param sizeBytes bytes of batches that were copied
 * @param endOffset offset behind what was copied; 0 when nothing was yet
 */
public record FutureLog(
    TopicPartition partition, LogFolder folder, long sizeBytes, long endOffset) {}
