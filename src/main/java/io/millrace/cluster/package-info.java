/**
 * The door to what the cluster decides: create a topic, alter a config, allocate producer ids.
 *
 * <p>In: requests from any loop, with their caller. Out: answers on the loop that asked, when the
 * decision is in the metadata log, applied, and taken in by all listeners. Everything in between
 * happens on the control loop. Owns the port {@link io.millrace.cluster.MetadataLog}.
 */
@NullMarked
package io.millrace.cluster;

import org.jspecify.annotations.NullMarked;
