/**
 * Metrics in Prometheus' text form, made when they are asked for: our own by Micrometer, and topics
 * and groups under the names that kafka_exporter gives them, so that dashboards for it work. Its
 * libraries are loaded with the first scrape, never at the start.
 */
@NullMarked
package io.millrace.rest.metrics;

import org.jspecify.annotations.NullMarked;
