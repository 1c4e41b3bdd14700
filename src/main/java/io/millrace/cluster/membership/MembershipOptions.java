package io.millrace.cluster.membership;

import io.millrace.cluster.BrokerPresence;

/**
 * Where and as whom a broker meets the others. Immutable.
 *
 * @param clusterId id of the cluster; members of another one are never joined
 * @param host address that others reach this broker at; bound alone, never all interfaces
 * @param peerPort its peer port, which gives the ports of the members around it
 * @param self what it tells the others of itself
 */
public record MembershipOptions(
    String clusterId, String host, int peerPort, BrokerPresence.Card self) {
  /** Distance of Hazelcast's port from a broker's peer port. */
  static final int MEMBER_PORT_OFFSET = 1;

  private static final int EVENT_BUS_PORT_OFFSET = 3;

  /** Port on which Hazelcast listens. */
  int memberPort() {
    return peerPort + MEMBER_PORT_OFFSET;
  }

  /** Port on which the clustered event bus listens; nothing of ours is sent there. */
  int eventBusPort() {
    return peerPort + EVENT_BUS_PORT_OFFSET;
  }
}
