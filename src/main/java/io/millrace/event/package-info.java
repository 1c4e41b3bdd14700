/**
 * What happened in this broker, for people: a bounded list that everyone may add to, and that the
 * web door shows. Nothing depends on it. Thread-safe.
 */
@NullMarked
package io.millrace.event;

import org.jspecify.annotations.NullMarked;
