/**
 * The contract between a replicated state machine that lives on one partition and the runtime that
 * loads, runs and persists it.
 *
 * <p>In: requests, timers, and records read back from the partition. Out: values only, a {@link
 * io.millrace.coordinator.shard.ShardResult} of records to append and answers to give once they are
 * committed. One step at a time, on the loop that owns the partition. Invariant: what survives a
 * restart is changed by {@code replay} alone, live and on loading. Pure.
 */
@NullMarked
package io.millrace.coordinator.shard;

import org.jspecify.annotations.NullMarked;
