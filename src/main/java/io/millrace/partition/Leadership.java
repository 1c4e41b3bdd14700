package io.millrace.partition;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import java.util.List;
import org.apache.kafka.common.Uuid;

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
    List<Integer> isr) {

  /**
   * What an image says. This process leads only while the registration of its id is its own and not
   * fenced: an image may still name the leader that the process before it was.
   */
  static Leadership of(ClusterImage image, PartitionImage decided, int brokerId, Uuid incarnation) {
    BrokerImage self = image.broker(brokerId);
    boolean mayLead = self != null && !self.fenced() && self.incarnation().equals(incarnation);
    return new Leadership(
        mayLead && decided.leader() == brokerId,
        decided.leader(),
        decided.leaderEpoch(),
        decided.partitionEpoch(),
        decided.replicas(),
        decided.isr());
  }
}
