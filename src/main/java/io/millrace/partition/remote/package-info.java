/**
 * Partitions that other brokers lead, for readers and writers that are connected here.
 *
 * <p>In: questions of sessions and requests on any loop, with a partition's name. Out: the same
 * answers as from a partition that is led here, from the leader's peer port. A feed for each
 * partition is shared by all its readers on this broker; a change of leader is waited for within
 * bounds, and not told as an error. The image says who leads.
 */
@NullMarked
package io.millrace.partition.remote;

import org.jspecify.annotations.NullMarked;
