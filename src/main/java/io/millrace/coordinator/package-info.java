/**
 * The doors to the coordinators. Whoever serves members, on TCP or in browsers, calls the same
 * door, which authorises each call itself.
 *
 * <p>In: the protocol's messages with their caller, from any loop. Out: answers on the caller's
 * loop, errors in them and never as failures. A door finds the partition of a group by its name and
 * runs a step on the shard there; it keeps no state of groups.
 */
@NullMarked
package io.millrace.coordinator;

import org.jspecify.annotations.NullMarked;
