package io.millrace.handler;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import java.util.List;
import java.util.Set;
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
record PartitionDescription(Errors error, int leader, List<Integer> offline) {

  /**
   * @param refusing brokers whose port refuses while no controller answers: as if they were fenced
   */
  static PartitionDescription of(
      ClusterImage image, Set<Integer> refusing, PartitionImage partition, String listener) {
    List<Integer> offline =
        partition.replicas().stream()
            .filter(
                id ->
                    refusing.contains(id)
                        || partition.offline().contains(id)
                        || !isReachable(image, id, listener))
            .toList();
    int leader = partition.leader();
    if (!partition.hasLeader() || !image.isAlive(leader) || refusing.contains(leader)) {
      return new PartitionDescription(
          Errors.LEADER_NOT_AVAILABLE, PartitionImage.NO_LEADER, offline);
    }
    return isReachable(image, leader, listener)
        ? new PartitionDescription(Errors.NONE, leader, offline)
        : new PartitionDescription(Errors.LISTENER_NOT_FOUND, PartitionImage.NO_LEADER, offline);
  }

  private static boolean isReachable(ClusterImage image, int id, String listener) {
    BrokerImage broker = image.broker(id);
    return broker != null && !broker.fenced() && broker.endpoint(listener) != null;
  }
}
