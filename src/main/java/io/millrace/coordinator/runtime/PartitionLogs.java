package io.millrace.coordinator.runtime;

import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one internal topic, as coordinators use them. Confined to: the control loop.
 */
public final class PartitionLogs implements ShardHosts.ShardLogs {
  private final Partitions partitions;
  private final String topic;
  private final Map<Integer, PartitionLog> known = new HashMap<>();

  /**
   * @param topic name of the internal topic
   */
  public PartitionLogs(Partitions partitions, String topic) {
    this.partitions = partitions;
    this.topic = topic;
  }

  @Override
  public @Nullable Led find(int number) {
    Partition partition = partitions.get(topic, number);
    if (partition == null || !partition.isLeader()) {
      known.remove(number);
      return null;
    }
    PartitionLog log = known.get(number);
    if (log == null || log.partition() != partition) {
      log = new PartitionLog(partition);
      known.put(number, log);
    }
    return new Led(log, partition.leaderEpoch());
  }
}
