/**
 * A broker as a real process that is killed, stopped and frozen under load, with checkers of what
 * must outlive that. In: seeds and counts; out: broken promises. Used from test threads. Invariant:
 * nothing acknowledged is missing.
 */
@NullMarked
package io.millrace.crash;

import org.jspecify.annotations.NullMarked;
