package io.millrace.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * All fetch sessions of this broker, at most as many as there are slots (KIP-227). When no slot is
 * free, a session that was not used for two minutes makes room, or one that is smaller than the new
 * one and has lived for two minutes; else the client goes on without a session.
 *
 * <p>What they remember has a limit too, for a client may name partitions that there are not, ever
 * new ones. A session that would go beyond its share while the others have no room to spare ends,
 * and its client fetches without one.
 *
 * <p>A session ends with its connection. Asked for on another one it is not found, and clients
 * begin a new one then.
 *
 * <p>Thread-safe.
 */
final class FetchSessions {
  private static final long EVICTION_MS = 120_000;
  private static final short FIRST_VERSION = 7;
  private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;

  /** No topic has a longer name, so it need not be remembered. */
  private static final int NAME_LENGTH_MAX = 249;

  private final int slots;
  private final int partitionsMax;
  private final IntSupplier ids;
  private final ConcurrentHashMap<Integer, FetchSession> sessions = new ConcurrentHashMap<>();

  /**
   * @param partitionsMax partitions that all sessions together remember, save that each may have as
   *     many as its share
   */
  FetchSessions(int slots, int partitionsMax, IntSupplier ids) {
    this.slots = slots;
    this.partitionsMax = partitionsMax;
    this.ids = ids;
  }

  /** Number of sessions. */
  int count() {
    return sessions.size();
  }

  /** Finds or begins the session of a request. */
  FetchContext open(RequestContext context, FetchRequestData request) {
    int epoch = context.version() < FIRST_VERSION ? -1 : request.sessionEpoch();
    if (epoch != FetchMetadata.INITIAL_EPOCH && epoch != FetchMetadata.FINAL_EPOCH) {
      return goOn(context, request);
    }
    if (request.sessionId() != FetchMetadata.INVALID_SESSION_ID) {
      end(request.sessionId());
    }
    LinkedHashMap<FetchPart.Key, FetchPart> parts = FetchSession.partsOf(request);
    List<FetchPart> asked = new ArrayList<>(parts.values());
    boolean remembers = epoch != FetchMetadata.FINAL_EPOCH && hasRoom(request, null);
    FetchSession session = remembers ? begin(context, parts) : null;
    return new FetchContext(Errors.NONE, asked, session, true);
  }

  private FetchContext goOn(RequestContext context, FetchRequestData request) {
    FetchSession session = sessions.get(request.sessionId());
    if (session == null || session.connectionId() != context.connectionId()) {
      return FetchContext.refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }
    if (session.nextEpoch() != request.sessionEpoch()) {
      return FetchContext.refused(Errors.INVALID_FETCH_SESSION_EPOCH);
    }
    if (session.usesTopicIds() != context.version() >= FIRST_VERSION_WITH_TOPIC_IDS) {
      return FetchContext.refused(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
    }
    if (!hasRoom(request, session)) {
      end(session.id());
      return FetchContext.refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }
    if (!session.update(request, context.loop().clock().monotonicMs())) {
      end(session.id());
      return new FetchContext(Errors.NONE, List.of(), null, true);
    }
    return new FetchContext(Errors.NONE, session.parts(), session, false);
  }

  /**
   * Whether there is room to remember what a request names.
   *
   * @param session that it goes on with; null when it begins one
   */
  private boolean hasRoom(FetchRequestData request, @Nullable FetchSession session) {
    long named = 0;
    for (FetchTopic topic : request.topics()) {
      if (topic.topic() != null && topic.topic().length() > NAME_LENGTH_MAX) {
        return false;
      }
      named += topic.partitions().size();
    }
    int before = session == null ? 0 : session.size();
    if (named == 0 || before + named <= partitionsMax / Math.max(1, slots)) {
      return true;
    }
    long left = Math.max(0, partitionsLeft());
    return named <= left || (session != null && session.newOnes(request) <= left);
  }

  private long partitionsLeft() {
    long left = partitionsMax;
    for (FetchSession session : sessions.values()) {
      left -= session.size();
    }
    return left;
  }

  private @Nullable FetchSession begin(
      RequestContext context, LinkedHashMap<FetchPart.Key, FetchPart> parts) {
    long nowMs = context.loop().clock().monotonicMs();
    if (sessions.size() >= slots && !evict(parts.size(), nowMs)) {
      return null;
    }
    boolean usesTopicIds = context.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
    while (true) {
      int id = ids.getAsInt();
      FetchSession session = new FetchSession(id, context, usesTopicIds, nowMs, parts);
      if (id > 0 && sessions.putIfAbsent(id, session) == null) {
        session.endsBy(context.connection().onClose(() -> sessions.remove(id, session)));
        return session;
      }
    }
  }

  private void end(int id) {
    FetchSession session = sessions.remove(id);
    if (session != null) {
      session.owner().execute(session::ended);
    }
  }

  private boolean evict(int newSize, long nowMs) {
    FetchSession victim = null;
    for (FetchSession session : sessions.values()) {
      boolean idle = nowMs - session.lastUsedMs() > EVICTION_MS;
      boolean smaller = session.size() < newSize && nowMs - session.createdMs() > EVICTION_MS;
      if ((idle || smaller) && (victim == null || session.lastUsedMs() < victim.lastUsedMs())) {
        victim = session;
      }
    }
    if (victim == null) {
      return false;
    }
    end(victim.id());
    return true;
  }
}
