/**
 * The web door: the HTTP server that browsers, curl and monitoring reach, with health, metrics and
 * the JSON interface. In: HTTP requests. Out: JSON, and problem details (RFC 9457) that carry
 * Kafka's error name. One verticle per event loop; each serves what came in by its own connections.
 * Invariant: nothing here waits, and nothing is answered that the authorizer would refuse by TCP.
 */
@NullMarked
package io.millrace.rest;

import org.jspecify.annotations.NullMarked;
