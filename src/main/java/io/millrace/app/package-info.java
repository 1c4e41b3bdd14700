/**
 * The composition root: builds every part of a broker and holds their order of start and stop.
 *
 * <p>In: a configuration. Out: a running {@link Broker}, or a {@link StartException} that says in
 * one sentence what stands in the way. The only package that makes clocks and random ids.
 */
@NullMarked
package io.millrace.app;

import org.jspecify.annotations.NullMarked;
