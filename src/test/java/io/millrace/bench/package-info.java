/**
 * Load generators for benches that run in a process of their own beside the server they measure.
 * They print one line of JSON; {@code bin/bench-fanout} starts them and makes the table.
 */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
