/**
 * Value records of the field, in Kafka's own words. Everything else may import them; they import
 * nothing of Millrace. Immutable.
 */
@NullMarked
package io.millrace.model;

import org.jspecify.annotations.NullMarked;
