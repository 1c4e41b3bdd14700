package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Peer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * How a broker takes part in the Raft log. Immutable.
 *
 * @param brokerId id of the broker
 * @param host address that other brokers reach it at; the only one that is bound
 * @param port port of the log
 * @param electionMinMs shortest time without a leader after which a voter asks for votes
 * @param electionMaxMs longest such time
 * @param snapshotAfterEntries number of entries after which an image replaces them
 * @param voterGoneMs how long a voter may be silent before another broker takes its place
 */
public record RaftOptions(
    int brokerId,
    String host,
    int port,
    int electionMinMs,
    int electionMaxMs,
    int snapshotAfterEntries,
    int voterGoneMs) {

  /** The options of every broker: times that a busy machine keeps, small files. */
  public static RaftOptions of(int brokerId, String host, int port) {
    return new RaftOptions(brokerId, host, port, 500, 1000, 4096, 30_000);
  }

  /** A new peer of this broker in that group, which was founded after so many recoveries. */
  RaftFolder.Identity identity(Supplier<Uuid> ids, Uuid groupId, int recoveries) {
    return RaftFolder.Identity.create(brokerId, ids.get(), groupId, recoveries);
  }

  /** This broker, for others. */
  Peer peer(RaftFolder.Identity self) {
    return new Peer(brokerId, self.peerId(), host, port);
  }
}
