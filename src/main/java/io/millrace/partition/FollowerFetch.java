package io.millrace.partition;

/**
 * Where a follower stands, as its fetch tells the leader. One whose disk is full says so by asking
 * for no bytes at all: it is told offsets and nothing else. Immutable.
 *
 * @param replicaId its broker id
 * @param brokerEpoch epoch of its registration (KIP-903)
 * @param currentLeaderEpoch leader epoch that it follows
 * @param offset first offset that it does not have
 * @param lastFetchedEpoch leader epoch of its last record, -1 when it has none (KIP-595)
 * @param logStartOffset its log start
 * @param hasRoom whether it asks for records
 */
public record FollowerFetch(
    int replicaId,
    long brokerEpoch,
    int currentLeaderEpoch,
    long offset,
    int lastFetchedEpoch,
    long logStartOffset,
    boolean hasRoom) {}
