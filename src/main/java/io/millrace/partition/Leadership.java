package io.millrace.partition;

import java.util.List;

/**
 * What the cluster decided about one partition, as far as this broker acts on it. Immutable.
 *
 * @param isLeader whether this broker leads
 * @param leaderId id of the leader, -1 when nobody leads
 * @param leaderEpoch epoch of that leader (KIP-101)
 * @param partitionEpoch grows with every change of leader or ISR (KIP-497)
 * @param replicas ids of the brokers that hold it
 * @param isr ids of the replicas in sync
 */
public record Leadership(
    boolean isLeader,
    int leaderId,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> isr) {}
