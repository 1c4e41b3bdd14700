/**
 * Who is there, and what every broker may see: Hazelcast in a clustered Vert.x of its own, started
 * in the background once a second broker is known.
 *
 * <p>In: addresses of peers, values to share. Out: hints on brokers that may have ended, cards of
 * those seen, shared values. All of it may be late, split or lost; nothing is decided by it, and
 * its failure touches nothing else. Everything blocking happens on one thread of its own.
 */
@NullMarked
package io.millrace.cluster.membership;

import org.jspecify.annotations.NullMarked;
