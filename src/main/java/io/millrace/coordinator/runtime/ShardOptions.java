package io.millrace.coordinator.runtime;

/**
 * Settings of a shard's host. Immutable.
 *
 * @param commitTimeoutMs how long an answer waits for its commit, in ms ({@code
 *     offsets.commit.timeout.ms})
 * @param loadChunkBytes bytes read and replayed at a time on loading
 * @param discarded called on the loop when a shard was thrown away
 */
public record ShardOptions(int commitTimeoutMs, int loadChunkBytes, Runnable discarded) {}
