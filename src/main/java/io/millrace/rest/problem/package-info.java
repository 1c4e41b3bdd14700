/**
 * What went wrong, as the web door tells it: problem details (RFC 9457) with Kafka's error name.
 * Below the documents and the routes, which both refuse. Stateless.
 */
@NullMarked
package io.millrace.rest.problem;

import org.jspecify.annotations.NullMarked;
