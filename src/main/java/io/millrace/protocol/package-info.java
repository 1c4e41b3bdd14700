/**
 * The Kafka protocol over Netty buffers: headers, requests, responses.
 *
 * <p>In: the frame of a request. Out: kafka-clients' message objects, whose records are views on
 * that frame; and the other way, messages to buffers and file regions. Pure: no connection, no
 * thread. A frame that lies about its lengths ends in {@link MalformedRequestException}, never in
 * another exception and never in an allocation larger than the frame.
 */
@NullMarked
package io.millrace.protocol;

import org.jspecify.annotations.NullMarked;
