/**
 * Moves of replicas as the tools see them: asks a cluster for reassignments, proposes and plans
 * where replicas go, limits and follows their copies. In: files and names. Out: requests, and the
 * sentences of {@code kafka-reassign-partitions}. Main thread. Invariant: plans are reckoned apart
 * from what is asked.
 */
@NullMarked
package io.millrace.cli.reassign;

import org.jspecify.annotations.NullMarked;
