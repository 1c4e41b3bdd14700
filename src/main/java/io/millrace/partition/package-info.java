/**
 * Partitions that this broker holds: who leads, what is committed, who waits for it.
 *
 * <p>In: batches that were checked, read positions, changes of the cluster's image. Out: offsets,
 * regions of log files, wake-ups. Whatever changes a partition runs on the shard that owns it;
 * reads run on the caller's loop, on one immutable view. Invariant: a reader never sees records at
 * or behind the high watermark, and the high watermark never falls within a leader epoch.
 */
@NullMarked
package io.millrace.partition;

import org.jspecify.annotations.NullMarked;
