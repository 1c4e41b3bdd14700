package io.millrace.cluster;

import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerService;
import java.util.function.Consumer;

/**
 * How a broker of a cluster of several reaches the others.
 *
 * @param link connections to their peer ports
 * @param quorum who carries the metadata log
 * @param liveness hints on who may have ended
 * @param serve registers what this broker answers on its own peer port; called before the metadata
 *     log is opened
 */
public record ClusterPeers(
    PeerLink link, MetadataQuorum quorum, BrokerLiveness liveness, Consumer<PeerService> serve) {}
