/**
 * Time as a parameter: only {@code app} makes the real clock, so that tests and simulation own
 * theirs.
 */
@NullMarked
package io.millrace.time;

import org.jspecify.annotations.NullMarked;
