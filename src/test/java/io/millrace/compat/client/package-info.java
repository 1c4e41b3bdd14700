/**
 * A Kafka client behind JDK types, so that several versions of one library fit into one test. In:
 * settings and messages; out: messages and positions. Threads: as the client behind. Invariant: no
 * type of the library shows.
 */
@NullMarked
package io.millrace.compat.client;

import org.jspecify.annotations.NullMarked;
