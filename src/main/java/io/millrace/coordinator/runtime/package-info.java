/**
 * Runs coordinator shards on the partitions that hold their records.
 *
 * <p>In: steps from any loop, leadership from the partition. Out: answers, once what they depend on
 * is committed. On the partition's shard loop, one step at a time. Invariants: the records of a
 * step are appended all or none, and exactly those are replayed; a failed append, or lost
 * leadership, discards the memory; a step of an old leader epoch is refused.
 */
@NullMarked
package io.millrace.coordinator.runtime;

import org.jspecify.annotations.NullMarked;
