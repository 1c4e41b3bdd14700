/**
 * One class for each API key of the Kafka protocol, named by it.
 *
 * <p>In: a decoded request and its {@link RequestContext}, on the loop of the connection. Out: the
 * answer, completed on the same loop. A handler authorises, fans out by partition and shapes the
 * answer; it owns no state and never blocks.
 */
@NullMarked
package io.millrace.handler;

import org.jspecify.annotations.NullMarked;
