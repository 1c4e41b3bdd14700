/**
 * Groups whose coordinator is on another broker, for browsers and requests over HTTP that are
 * connected here: their requests go to the coordinator's broker in messages of our own, with the
 * caller in them, and what brokers may see of groups is shared between them.
 *
 * <p>In: the same calls as at the coordinator's door. Out: the same answers; a broker that cannot
 * be reached is COORDINATOR_NOT_AVAILABLE, which members try again.
 */
@NullMarked
package io.millrace.coordinator.remote;

import org.jspecify.annotations.NullMarked;
