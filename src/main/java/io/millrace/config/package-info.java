/**
 * Configuration as data: every broker and topic key with its type, default, range and effect, and
 * the immutable values read from them. In: text from file, environment, command line and dynamic
 * changes. Out: typed values, and problems named by key and line. Any thread. Invariant: a value
 * that was handed out is valid. Source: Kafka's broker and topic configuration.
 */
@NullMarked
package io.millrace.config;

import org.jspecify.annotations.NullMarked;
