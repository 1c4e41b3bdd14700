/**
 * Real Kafka clients and tools against a broker process, and the answers of a real Kafka against
 * ours. In: client versions, scenarios and requests; out: what the client saw and what lies in the
 * files. Used from test threads. Invariant: a scenario means the same for every client.
 */
@NullMarked
package io.millrace.compat;

import org.jspecify.annotations.NullMarked;
