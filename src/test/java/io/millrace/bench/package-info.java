/**
 * Load generators for benches that run in a process of their own beside the server they measure.
 * They print lines of JSON; {@code bin/bench} starts them and makes the tables.
 */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
