/**
 * How much a caller may do in a time, the hook that handlers pass before they answer; and how many
 * connections a door lets in. Pure.
 */
@NullMarked
package io.millrace.quota;

import org.jspecify.annotations.NullMarked;
