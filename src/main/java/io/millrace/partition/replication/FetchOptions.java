package io.millrace.partition.replication;

import io.millrace.config.BrokerConfig;
import io.millrace.config.ClusterKeys;

/**
 * How this broker fetches from leaders. Immutable.
 *
 * @param brokerId id of this broker
 * @param waitMaxMs {@code replica.fetch.wait.max.ms}: how long a leader may hold an answer
 * @param minBytes {@code replica.fetch.min.bytes}
 * @param responseMaxBytes {@code replica.fetch.response.max.bytes}
 * @param partitionMaxBytes {@code replica.fetch.max.bytes}
 * @param backoffMs {@code replica.fetch.backoff.ms}: the longest pause after a failure
 * @param requestTimeoutMs {@code replica.socket.timeout.ms}: then an answer is given up
 */
public record FetchOptions(
    int brokerId,
    int waitMaxMs,
    int minBytes,
    int responseMaxBytes,
    int partitionMaxBytes,
    int backoffMs,
    int requestTimeoutMs) {

  /** As the configuration says. */
  public static FetchOptions of(int brokerId, BrokerConfig config) {
    return new FetchOptions(
        brokerId,
        config.get(ClusterKeys.REPLICA_FETCH_WAIT_MAX_MS),
        config.get(ClusterKeys.REPLICA_FETCH_MIN_BYTES),
        config.get(ClusterKeys.REPLICA_FETCH_RESPONSE_MAX_BYTES),
        config.get(ClusterKeys.REPLICA_FETCH_MAX_BYTES),
        config.get(ClusterKeys.REPLICA_FETCH_BACKOFF_MS),
        config.get(ClusterKeys.REPLICA_SOCKET_TIMEOUT_MS));
  }
}
