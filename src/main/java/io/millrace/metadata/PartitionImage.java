package io.millrace.metadata;

import java.util.ArrayList;
import java.util.List;

/**
 * Who holds a partition and who leads it. Immutable.
 *
 * @param replicas ids of the brokers that hold a replica, the preferred leader first; while the
 *     partition is reassigned, those that come and those that go are among them (KIP-455)
 * @param isr ids of the replicas that are in sync; empty only when no member can be trusted to hold
 *     what was acknowledged
 * @param leader id of the leader, or {@link #NO_LEADER}
 * @param leaderEpoch grows with every change of the leader, from 0 (KIP-101)
 * @param partitionEpoch grows with every change of this record, from 0 (KIP-497)
 * @param adding replicas that are being added by a reassignment
 * @param removing replicas that are being removed by a reassignment
 * @param eligible replicas outside of the ISR that hold all that was acknowledged, for the high
 *     watermark has stood still since they left (KIP-966)
 * @param lastIsr replicas that left the ISR or the eligible ones because they came back from an
 *     unclean start; when nobody else is left, the one that holds most of the log leads
 * @param offline replicas whose log folder failed
 */
public record PartitionImage(
    List<Integer> replicas,
    List<Integer> isr,
    int leader,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> adding,
    List<Integer> removing,
    List<Integer> eligible,
    List<Integer> lastIsr,
    List<Integer> offline) {

  /** In the place of a leader's id while nobody leads. */
  public static final int NO_LEADER = -1;

  public PartitionImage {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
    adding = List.copyOf(adding);
    removing = List.copyOf(removing);
    eligible = List.copyOf(eligible);
    lastIsr = List.copyOf(lastIsr);
    offline = List.copyOf(offline);
  }

  /** A partition that is not reassigned and whose ISR is all that there is to lead it. */
  public PartitionImage(
      List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {
    this(
        replicas,
        isr,
        leader,
        leaderEpoch,
        partitionEpoch,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** A new partition, led by the first of its replicas that is in sync. */
  public static PartitionImage created(List<Integer> replicas, List<Integer> isr) {
    return new PartitionImage(replicas, isr, isr.isEmpty() ? NO_LEADER : isr.get(0), 0, 0);
  }

  PartitionImage withEpochs(int ofLeader, int ofPartition) {
    return new PartitionImage(
        replicas, isr, leader, ofLeader, ofPartition, adding, removing, eligible, lastIsr, offline);
  }

  /** Whether a broker leads it. */
  public boolean hasLeader() {
    return leader != NO_LEADER;
  }

  /** Whether replicas are being added or removed. */
  public boolean isReassigned() {
    return !adding.isEmpty() || !removing.isEmpty();
  }

  /** The replicas that it is to have when its reassignment is done. */
  public List<Integer> targetReplicas() {
    List<Integer> target = new ArrayList<>(replicas);
    target.removeAll(removing);
    return target;
  }
}
