package io.millrace.handler;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * What is told of a partition to a client of one listener: a leader that is dead or has no endpoint
 * there is no leader to it.
 *
 * @param error NONE, LEADER_NOT_AVAILABLE, or LISTENER_NOT_FOUND
 * @param leader id of the leader, or -1
 * @param offline replicas whose broker is fenced or has no endpoint there, or whose log folder
 *     failed
 */
record PartitionDescription(Errors error, int leader, List<Integer> offline) {}
