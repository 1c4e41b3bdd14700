package io.millrace.metadata;

import java.util.List;

/**
 * Who holds a partition and who leads it. Immutable.
 *
 * @param replicas ids of the brokers that hold a replica, the preferred leader first
 * @param isr ids of the replicas that are in sync
 * @param leader id of the leader, or {@link #NO_LEADER}
 * @param leaderEpoch grows with every change of the leader, from 0 (KIP-101)
 * @param partitionEpoch grows with every change of this record, from 0 (KIP-497)
 */
public record PartitionImage(
    List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {

  /** In the place of a leader's id while nobody leads. */
  public static final int NO_LEADER = -1;

  public PartitionImage {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
  }

  /** A new partition, led by the first of its replicas that is in sync. */
  public static PartitionImage created(List<Integer> replicas, List<Integer> isr) {
    return new PartitionImage(replicas, isr, isr.isEmpty() ? NO_LEADER : isr.get(0), 0, 0);
  }
}
