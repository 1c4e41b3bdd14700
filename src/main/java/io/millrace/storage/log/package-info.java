/**
 * One partition's log: segments, indexes, producer state, leader epochs, recovery, truncation.
 *
 * <p>In: whole checked batches. Out: regions of files, offsets. One owner changes a {@code Log};
 * every thread reads its {@code LogView}. Disks are behind {@code LogFiles}. The files are Kafka's
 * own, byte for byte; bytes that were published in a view never change.
 */
@NullMarked
package io.millrace.storage.log;

import org.jspecify.annotations.NullMarked;
