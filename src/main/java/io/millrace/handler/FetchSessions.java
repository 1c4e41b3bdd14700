package io.millrace.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * All fetch sessions of this broker, at most as many as there are slots (KIP-227). When no slot is
 * free, a session that was not used for two minutes makes room, or one that is smaller than the new
 * one and has lived for two minutes; else the client goes on without a session.
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

  private final int slots;
  private final IntSupplier ids;
  private final ConcurrentHashMap<Integer, FetchSession> sessions = new ConcurrentHashMap<>();

  FetchSessions(int slots, IntSupplier ids) {
    this.slots = slots;
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
    FetchSession session = epoch == FetchMetadata.FINAL_EPOCH ? null : begin(context, parts);
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
    if (!session.update(request, context.loop().clock().monotonicMs())) {
      end(session.id());
      return new FetchContext(Errors.NONE, List.of(), null, true);
    }
    return new FetchContext(Errors.NONE, session.parts(), session, false);
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
