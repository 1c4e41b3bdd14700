package io.millrace.partition.remote;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Who leads a partition by an image. Immutable.
 *
 * @param brokerId its id
 * @param leaderEpoch its leader epoch
 * @param address its peer port; null when it has registered none
 */
record Leader(int brokerId, int leaderEpoch, @Nullable PeerAddress address) {

  /** The leader, or null while nobody leads. */
  static @Nullable Leader of(ClusterImage image, TopicIdPartition id) {
    TopicImage topic = image.topic(id.topicId());
    PartitionImage partition = topic == null ? null : topic.partition(id.partition());
    BrokerImage broker = partition == null ? null : image.broker(partition.leader());
    if (partition == null || broker == null) {
      return null;
    }
    Endpoint peer = broker.endpoint(Endpoint.PEER);
    return new Leader(
        broker.id(),
        partition.leaderEpoch(),
        peer == null ? null : new PeerAddress(peer.host(), peer.port()));
  }
}
