package io.millrace.handler;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.partition.LeaderThrottle;
import io.millrace.partition.Partitions;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * Fetch (1) as brokers send it to each other: fetches of followers go to a session per follower,
 * all others to the handler for consumers. For the registry of the peer port.
 *
 * <p>A follower's fetch has topic ids (KIP-516) and the epoch of its registration (KIP-903), and is
 * always part of a session (KIP-227). A session costs what changes in it, whatever the number of
 * its partitions: see {@link FollowerSession}.
 *
 * <p>Thread-safe.
 */
public final class ReplicaFetchHandler implements ApiHandler<FetchRequestData> {
  private static final short FIRST_VERSION_OF_FOLLOWERS = 15;

  private final FetchHandler consumers;
  private final Partitions partitions;
  private final Supplier<ClusterImage> image;
  private final IntSupplier sessionIds;
  private final LeaderThrottle throttle;
  private final Map<Integer, FollowerSession> sessions = new ConcurrentHashMap<>();

  /**
   * Reads from the partitions of this broker.
   *
   * @param consumers answers fetches without a replica id
   * @param sessionIds gives random positive numbers
   */
  public ReplicaFetchHandler(
      FetchHandler consumers,
      Partitions partitions,
      Supplier<ClusterImage> image,
      IntSupplier sessionIds) {
    this.consumers = consumers;
    this.partitions = partitions;
    this.image = image;
    this.sessionIds = sessionIds;
    this.throttle = new LeaderThrottle(partitions.brokerId(), image);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.FETCH;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, FetchRequestData request) {
    int replica = request.replicaState().replicaId();
    if (replica < 0 && request.replicaId() < 0) {
      return consumers.handle(context, request);
    }
    if (context.version() < FIRST_VERSION_OF_FOLLOWERS) {
      return refused(Errors.UNSUPPORTED_VERSION);
    }
    long epoch = request.replicaState().replicaEpoch();
    BrokerImage follower = image.get().broker(replica);
    if (follower == null || follower.epoch() != epoch) {
      // One that is newer than this broker's image asks again in a moment.
      return refused(Errors.STALE_BROKER_EPOCH);
    }
    if (request.sessionEpoch() == FetchMetadata.INITIAL_EPOCH) {
      return begin(context, replica, epoch).serve(request);
    }
    FollowerSession session = sessions.get(replica);
    if (session == null
        || session.id() != request.sessionId()
        || session.owner() != context.loop()
        || session.brokerEpoch() != epoch) {
      return refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }
    if (request.sessionEpoch() == FetchMetadata.FINAL_EPOCH) {
      end(session);
      return Future.succeededFuture(new FetchResponseData());
    }
    return session.nextEpoch() == request.sessionEpoch()
        ? session.serve(request)
        : refused(Errors.INVALID_FETCH_SESSION_EPOCH);
  }

  /** A follower has one session: an older one ends. */
  private FollowerSession begin(RequestContext context, int replica, long epoch) {
    FollowerSession session =
        new FollowerSession(sessionIds.getAsInt(), replica, epoch, context, partitions, throttle);
    FollowerSession before = sessions.put(replica, session);
    if (before != null) {
      before.owner().execute(before::end);
    }
    session.endsBy(context.connection().onClose(() -> end(session)));
    return session;
  }

  private void end(FollowerSession session) {
    sessions.remove(session.replicaId(), session);
    session.end();
  }

  private static Future<ApiMessage> refused(Errors error) {
    return Future.succeededFuture(new FetchResponseData().setErrorCode(error.code()));
  }
}
