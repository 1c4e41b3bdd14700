package io.millrace.cluster;

import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * The metadata log of several brokers, seen from the outside: who carries it, and who may join.
 * Confined to: the control loop, save {@link #view}.
 */
public interface MetadataQuorum {
  /**
   * A process that carries the log.
   *
   * @param brokerId id of its broker
   * @param peerId its id in the log's group: the broker id and a random part that a wiped folder
   *     does not have
   * @param host address that others reach it at
   * @param port its port for the log
   */
  record Peer(int brokerId, String peerId, String host, int port) {}

  /**
   * What a broker needs to follow the log.
   *
   * @param clusterId id of the cluster
   * @param groupId id of the log's group
   * @param voters the peers that vote now
   * @param recoveries how often the cluster's metadata was recovered from one broker
   */
  record Invitation(String clusterId, Uuid groupId, List<Peer> voters, int recoveries) {
    public Invitation {
      voters = List.copyOf(voters);
    }
  }

  /**
   * Lets a broker follow the log. A broker that was alone makes its log one of several first.
   *
   * @return fails with NOT_CONTROLLER when another broker leads the log: ask that one ({@link
   *     #view})
   */
  Future<Invitation> admit(Peer joiner);

  /** The broker is gone for sure: when it led the log, a new leader is elected at once. */
  void gone(int brokerId);

  /** Who carries the log now. Any thread. */
  QuorumView view();
}
