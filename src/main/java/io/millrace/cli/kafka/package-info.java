/**
 * Tools under the names of Apache Kafka's scripts, one class for each: they take Kafka's options,
 * also those of earlier releases, and print what Kafka's tools print, column for column. In:
 * arguments. Out: text and Kafka's exit codes (0 done, 1 not). Main thread. They work against any
 * cluster that speaks the protocol.
 */
@NullMarked
package io.millrace.cli.kafka;

import org.jspecify.annotations.NullMarked;
