/**
 * Benches of the steps that every record takes through a broker, each alone on one thread: {@code
 * bin/bench --inner} runs them with JMH.
 */
@NullMarked
package io.millrace.bench.inner;

import org.jspecify.annotations.NullMarked;
