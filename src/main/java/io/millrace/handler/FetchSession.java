package io.millrace.handler;

import io.millrace.eventloop.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * The partitions that a client fetches again and again (KIP-227): it names only what changed, and
 * is told only what is new. A session belongs to the connection that made it.
 *
 * <p>Confined to: the loop of the connection, save the fields that are marked.
 */
final class FetchSession {
  private final int id;
  private final long connectionId;
  private final EventLoop owner;
  private final boolean usesTopicIds;
  private final long createdMs;

  // Written by the owner, read by whoever looks for a session to evict.
  private volatile long lastUsedMs;
  private volatile int size;

  // Owner: the loop of the connection.
  private int nextEpoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
  private final LinkedHashMap<FetchPart.Key, FetchPart> parts;
  private ConnectionScope.Hook ending = () -> {};

  FetchSession(
      int id,
      RequestContext context,
      boolean usesTopicIds,
      long nowMs,
      LinkedHashMap<FetchPart.Key, FetchPart> parts) {
    this.id = id;
    this.connectionId = context.connectionId();
    this.owner = context.loop();
    this.usesTopicIds = usesTopicIds;
    this.createdMs = nowMs;
    this.lastUsedMs = nowMs;
    this.parts = parts;
    this.size = parts.size();
  }

  int id() {
    return id;
  }

  EventLoop owner() {
    return owner;
  }

  long connectionId() {
    return connectionId;
  }

  boolean usesTopicIds() {
    return usesTopicIds;
  }

  long createdMs() {
    return createdMs;
  }

  long lastUsedMs() {
    return lastUsedMs;
  }

  /** Number of partitions. */
  int size() {
    return size;
  }

  /** Notes what ends the session with its connection. */
  void endsBy(ConnectionScope.Hook hook) {
    ending = hook;
  }

  /** The session is over; its connection need not remember it. */
  void ended() {
    ending.remove();
  }

  int nextEpoch() {
    return nextEpoch;
  }

  /** Number of partitions that a request names and the session does not know. */
  int newOnes(FetchRequestData request) {
    int count = 0;
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition asked : topic.partitions()) {
        FetchPart.Key key = new FetchPart.Key(topic.topic(), topic.topicId(), asked.partition());
        count += parts.containsKey(key) ? 0 : 1;
      }
    }
    return count;
  }

  /** Takes over what an incremental request changes; false when nothing is left to fetch. */
  boolean update(FetchRequestData request, long nowMs) {
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition asked : topic.partitions()) {
        FetchPart part =
            parts.get(new FetchPart.Key(topic.topic(), topic.topicId(), asked.partition()));
        if (part == null) {
          part = new FetchPart(topic.topic(), topic.topicId(), asked);
          parts.put(part.key(), part);
        } else {
          part.ask(asked);
        }
      }
    }
    for (ForgottenTopic topic : request.forgottenTopicsData()) {
      for (int number : topic.partitions()) {
        parts.remove(new FetchPart.Key(topic.topic(), topic.topicId(), number));
      }
    }
    size = parts.size();
    lastUsedMs = nowMs;
    nextEpoch = FetchMetadata.nextEpoch(nextEpoch);
    return !parts.isEmpty();
  }

  List<FetchPart> parts() {
    return new ArrayList<>(parts.values());
  }

  /** Puts a partition that was served behind the others, so that all get their turn (KIP-74). */
  void served(FetchPart part) {
    FetchPart.Key key = part.key();
    if (parts.remove(key, part)) {
      parts.put(key, part);
    }
  }

  /** The partitions of a request that names them all; of a repeated one the last counts. */
  static LinkedHashMap<FetchPart.Key, FetchPart> partsOf(FetchRequestData request) {
    LinkedHashMap<FetchPart.Key, FetchPart> parts = new LinkedHashMap<>();
    for (FetchTopic topic : request.topics()) {
      String name = topic.topic() == null ? "" : topic.topic();
      Uuid topicId = topic.topicId();
      for (FetchPartition asked : topic.partitions()) {
        FetchPart part = new FetchPart(name, topicId, asked);
        parts.put(part.key(), part);
      }
    }
    return parts;
  }
}
