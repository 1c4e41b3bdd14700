/**
 * Compaction of one log: which part is worth cleaning, which record of a key is the last, and what
 * is left of each batch.
 *
 * <p>In: sealed segments and the settings of the topic. Out: cleaned segments, ready to take the
 * place of those that they were made from. Runs on a housekeeping worker over sealed segments only;
 * the shard that owns the log swaps the result in as one step. Pure but for the files that it is
 * handed. Rules: KIP-58, KIP-280's default strategy, KIP-354, KIP-534.
 */
@NullMarked
package io.millrace.storage.log.clean;

import org.jspecify.annotations.NullMarked;
