/**
 * The documents of the JSON interface: what is read when somebody looks, and what a live view
 * compares from second to second. In: the doors of the parts. Out: rows and JSON. All of it is
 * computed on one worker of its own, so that ten thousand topics hold up no event loop. Invariant:
 * a caller is shown what he may describe by TCP, and nothing else.
 */
@NullMarked
package io.millrace.rest.view;

import org.jspecify.annotations.NullMarked;
