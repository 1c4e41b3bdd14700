/**
 * The thin face of the contexts that own state: network loops, storage shards, the control loop.
 *
 * <p>In: steps from any thread. Out: the same steps, one at a time, in order, on the one context
 * that owns the state they touch. Two implementations: {@code VertxLoops} on Vert.x and {@code
 * SimScheduler}, seeded and single-threaded, on virtual time. Code above this package cannot tell
 * which one it runs on.
 */
@NullMarked
package io.millrace.eventloop;

import org.jspecify.annotations.NullMarked;
