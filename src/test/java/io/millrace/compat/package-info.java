/**
 * Real Kafka clients and tools against a broker process. In: client versions and scenarios; out:
 * what the client saw and what lies in the files. Used from test threads. Invariant: a scenario
 * means the same for every client.
 */
@NullMarked
package io.millrace.compat;

import org.jspecify.annotations.NullMarked;
