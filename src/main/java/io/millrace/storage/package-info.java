/**
 * The partitions' logs of this broker, in folders on disk and in shards of owners.
 *
 * <p>In: checked batches, on the shard that owns the partition. Out: offsets when the bytes are
 * written, or forced where the topic asks for it; views that any thread may read. Confined to:
 * shards, save the door {@code Storage}. Invariant: a write or force that failed is never repeated;
 * its folder goes offline, with every partition on it.
 */
@NullMarked
package io.millrace.storage;

import org.jspecify.annotations.NullMarked;
