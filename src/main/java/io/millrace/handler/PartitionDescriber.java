package io.millrace.handler;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Describes partitions of one image to the clients of one listener. Neighbours are often one and
 * the same object, which is looked at once.
 *
 * <p>Confined to: the loop that answers.
 */
final class PartitionDescriber {
  private final ClusterImage image;
  private final Set<Integer> refusing;
  private final String listener;

  // Owner: the loop.
  private @Nullable PartitionImage last;
  private PartitionDescription lastDescribed =
      new PartitionDescription(Errors.LEADER_NOT_AVAILABLE, PartitionImage.NO_LEADER, List.of());

  /**
   * @param refusing brokers whose port refuses while no controller answers: as if they were fenced
   */
  PartitionDescriber(ClusterImage image, Set<Integer> refusing, String listener) {
    this.image = image;
    this.refusing = refusing;
    this.listener = listener;
  }

  /** What is told of that partition. */
  PartitionDescription describe(PartitionImage partition) {
    if (partition != last) {
      lastDescribed = look(partition);
      last = partition;
    }
    return lastDescribed;
  }

  private PartitionDescription look(PartitionImage partition) {
    List<Integer> offline = offline(partition);
    int leader = partition.leader();
    if (!partition.hasLeader() || !image.isAlive(leader) || refusing.contains(leader)) {
      return new PartitionDescription(
          Errors.LEADER_NOT_AVAILABLE, PartitionImage.NO_LEADER, offline);
    }
    return isReachable(leader)
        ? new PartitionDescription(Errors.NONE, leader, offline)
        : new PartitionDescription(Errors.LISTENER_NOT_FOUND, PartitionImage.NO_LEADER, offline);
  }

  private List<Integer> offline(PartitionImage partition) {
    List<Integer> offline = new ArrayList<>(0);
    for (Integer id : partition.replicas()) {
      if (refusing.contains(id) || partition.offline().contains(id) || !isReachable(id)) {
        offline.add(id);
      }
    }
    return offline;
  }

  private boolean isReachable(int id) {
    BrokerImage broker = image.broker(id);
    return broker != null && !broker.fenced() && broker.endpoint(listener) != null;
  }
}
