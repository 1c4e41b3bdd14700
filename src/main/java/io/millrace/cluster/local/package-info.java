/**
 * The metadata log of a broker that is alone: a file in its first log folder.
 *
 * <p>In: entries from the control loop. Out: the same entries, on the control loop, when they are
 * forced to the disk. Files are written by offloaded work, one round at a time; a round is one
 * write and one force for all entries that waited. An entry that was reported is never lost.
 */
@NullMarked
package io.millrace.cluster.local;

import org.jspecify.annotations.NullMarked;
