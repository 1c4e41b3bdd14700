/** How much a caller may do in a time: the hook that handlers pass before they answer. Pure. */
@NullMarked
package io.millrace.quota;

import org.jspecify.annotations.NullMarked;
