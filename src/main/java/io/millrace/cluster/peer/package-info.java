/**
 * Connections to the other brokers of the cluster: Kafka's messages between brokers, and messages
 * of our own inside envelopes. The port {@link io.millrace.cluster.peer.PeerLink} is filled by real
 * sockets or by a simulated network.
 */
@NullMarked
package io.millrace.cluster.peer;

import org.jspecify.annotations.NullMarked;
