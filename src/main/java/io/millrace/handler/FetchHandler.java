package io.millrace.handler;

import io.millrace.partition.Partitions;
import io.millrace.partition.ReadLimit;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * Fetch (1): reads records of several partitions, waiting for them when there are too few.
 *
 * <ul>
 *   <li>4: isolation level, aborted transactions (KIP-98). 5: log start offset.
 *   <li>7: fetch sessions (KIP-227). 9: leader epochs are checked (KIP-320).
 *   <li>10: Zstandard (KIP-110). 11: rack id, preferred replica (KIP-392).
 *   <li>12: flexible; a follower's divergence is told (KIP-595), the leader is named.
 *   <li>13: topic ids (KIP-516). 15: replica epoch (KIP-903). 16: endpoints (KIP-951).
 *   <li>17: directory ids (KIP-853). 18: the high watermark that the reader knows (KIP-1166).
 * </ul>
 *
 * <p>Records that are there are found on this loop, without a hop, and leave as regions of the
 * log's files. Consumers of version 11 and later may read from any replica, up to its high
 * watermark; with {@code replica.selector.class} the leader sends them to one in their rack.
 *
 * <p>An isolation level that does not exist is answered with INVALID_REQUEST.
 *
 * <p>Fetches of followers (a replica id of 0 or more) are refused with
 * CLUSTER_AUTHORIZATION_FAILED: brokers fetch from each other on another port, see {@link
 * ReplicaFetchHandler}.
 *
 * <p>Thread-safe.
 */
public final class FetchHandler implements ApiHandler<FetchRequestData> {
  /** Partitions that all sessions together remember, some 200 bytes each. */
  private static final int SESSION_PARTITIONS_MAX = 100_000;

  private final FetchDoor door;
  private final FetchSessions sessions;

  /** What every fetch needs. */
  record FetchDoor(
      Partitions partitions,
      Authorizer authorizer,
      Quotas quotas,
      int maxBytes,
      boolean rackAware,
      BooleanSupplier isLeftBehind,
      FetchCounters counters) {}

  /** As the other constructor; consumers are sent to no other replica, and leaders lead. */
  public FetchHandler(
      Partitions partitions,
      Authorizer authorizer,
      Quotas quotas,
      int maxBytes,
      int sessionSlots,
      IntSupplier sessionIds,
      FetchCounters counters) {
    this(
        partitions,
        authorizer,
        quotas,
        maxBytes,
        false,
        () -> false,
        sessionSlots,
        sessionIds,
        counters);
  }

  /**
   * Reads from the partitions of this broker.
   *
   * @param rackAware whether consumers are sent to a replica in their rack: {@code
   *     replica.selector.class}
   * @param isLeftBehind whether others lead what this broker leads by its image
   * @param maxBytes {@code fetch.max.bytes}: bound of one answer's records in bytes
   * @param sessionSlots {@code max.incremental.fetch.session.cache.slots}
   * @param sessionIds gives random positive numbers
   */
  public FetchHandler(
      Partitions partitions,
      Authorizer authorizer,
      Quotas quotas,
      int maxBytes,
      boolean rackAware,
      BooleanSupplier isLeftBehind,
      int sessionSlots,
      IntSupplier sessionIds,
      FetchCounters counters) {
    this.door =
        new FetchDoor(partitions, authorizer, quotas, maxBytes, rackAware, isLeftBehind, counters);
    this.sessions = new FetchSessions(sessionSlots, SESSION_PARTITIONS_MAX, sessionIds);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.FETCH;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, FetchRequestData request) {
    int replica = Math.max(request.replicaId(), request.replicaState().replicaId());
    if (replica >= 0) {
      return Future.succeededFuture(
          new FetchResponseData().setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
    }
    if (!ReadLimit.isKnown(request.isolationLevel())) {
      return Future.succeededFuture(refused(request, Errors.INVALID_REQUEST));
    }
    FetchContext fetch = sessions.open(context, request);
    return fetch.error() == Errors.NONE
        ? new FetchRun(door, context, request, fetch).start()
        : Future.succeededFuture(new FetchResponseData().setErrorCode(fetch.error().code()));
  }

  /** Answers the whole and each partition: there is no error for the whole before version 7. */
  private static FetchResponseData refused(FetchRequestData request, Errors error) {
    FetchResponseData response = new FetchResponseData().setErrorCode(error.code());
    for (FetchTopic topic : request.topics()) {
      FetchableTopicResponse answer =
          new FetchableTopicResponse().setTopic(topic.topic()).setTopicId(topic.topicId());
      for (FetchPartition asked : topic.partitions()) {
        answer.partitions().add(FetchResponse.partitionResponse(asked.partition(), error));
      }
      response.responses().add(answer);
    }
    return response;
  }
}
