/**
 * What the web doors share: reading and writing partitions for people. In: words such as {@code
 * end-100}, positions, records as JSON. Out: offsets, committed records, appended batches. Runs on
 * the loop that asks. Invariant: records of aborted transactions and control batches are never
 * given out, and a hole in what is given out is named.
 */
@NullMarked
package io.millrace.browser;

import org.jspecify.annotations.NullMarked;
