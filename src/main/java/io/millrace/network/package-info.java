/**
 * TCP: connections, their limits, and the order of their requests and answers.
 *
 * <p>In: bytes. Out: calls of {@code handler} on the loop of the connection, and bytes. One
 * verticle for each event loop; all state of a connection belongs to its loop. Answers leave in the
 * order of the requests. Memory of requests is bounded for the whole process before it is
 * allocated.
 */
@NullMarked
package io.millrace.network;

import org.jspecify.annotations.NullMarked;
