/** What is counted, as interfaces; who exports it is decided elsewhere. Thread-safe. */
@NullMarked
package io.millrace.metrics;

import org.jspecify.annotations.NullMarked;
