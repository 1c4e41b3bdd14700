package io.millrace.partition.replication;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * The session of a fetcher at its leader (KIP-227): begun by a request that names everything, and
 * begun anew after each failure.
 *
 * <p>Confined to: the loop of the fetcher.
 */
final class FetchSessionState {
  private int id = FetchMetadata.INVALID_SESSION_ID;
  private int nextEpoch = FetchMetadata.INITIAL_EPOCH;
  private long brokerEpoch = -1;
  private long generation;

  /** Grows each time it begins anew; answers to requests of an older one tell nothing. */
  long generation() {
    return generation;
  }

  /** Whether the leader has given it an id. */
  boolean isOpen() {
    return id != FetchMetadata.INVALID_SESSION_ID;
  }

  /** Whether it was begun under that registration of this broker. */
  boolean isOf(long epoch) {
    return brokerEpoch == epoch;
  }

  /** Begins anew. */
  void reset(long epoch) {
    id = FetchMetadata.INVALID_SESSION_ID;
    nextEpoch = FetchMetadata.INITIAL_EPOCH;
    brokerEpoch = epoch;
    generation++;
  }

  /** Puts it into the next request. */
  void stamp(FetchRequestData request, int brokerId) {
    request
        .setSessionId(id)
        .setSessionEpoch(nextEpoch)
        .setReplicaState(
            new FetchRequestData.ReplicaState()
                .setReplicaId(brokerId)
                .setReplicaEpoch(brokerEpoch));
    if (isOpen()) {
      nextEpoch = FetchMetadata.nextEpoch(nextEpoch);
    }
  }

  /** The leader gave it this id. */
  void opened(int sessionId) {
    if (!isOpen()) {
      id = sessionId;
      nextEpoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
    }
  }
}
