/**
 * The door for browsers that stay: WebSocket sessions, quick addresses and server-sent events. In:
 * operations of sessions, committed batches. Out: frames that were encoded once for everyone on a
 * loop, never more than a subscription has credit for. All state of a session is touched by the
 * loop of its socket alone. Invariant: a subscription gets each committed record once and in order,
 * or is told the gap.
 */
@NullMarked
package io.millrace.push;

import org.jspecify.annotations.NullMarked;
