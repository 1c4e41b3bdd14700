/**
 * Committed batches as the frames that browsers get. In: whole batches as they lie in the log. Out:
 * JSON or binary bytes, cut at 64 KiB or 500 records, with their cost. Pure; any thread, one cutter
 * per thread. Invariant: a value that is JSON is copied byte for byte, and the places where a batch
 * is cut do not depend on the reader.
 */
@NullMarked
package io.millrace.browser.frame;

import org.jspecify.annotations.NullMarked;
