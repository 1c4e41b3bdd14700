/**
 * Record batches of the log format v2 (KIP-98) as views over buffers: header access, CRC, the
 * checks that Produce needs, recompression, building, and decoding with bounds.
 *
 * <p>In: buffers as they came from a client or a file. Out: the same buffers, checked and patched
 * in place; copied only when the batch has to be compressed anew. Any thread, one per view.
 * Invariant: nothing here trusts a length that it has not compared with the bytes at hand.
 */
@NullMarked
package io.millrace.record;

import org.jspecify.annotations.NullMarked;
