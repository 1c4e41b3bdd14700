package io.millrace.handler;

import io.millrace.partition.Partition;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fetch: what is asked for, and what its session has told of it (KIP-227).
 *
 * <p>Confined to: the loop of the connection.
 */
final class FetchPart {
  private final String topic;
  private final Uuid topicId;
  private final int number;

  private long offset;
  private long passed;
  private int maxBytes;
  private int currentLeaderEpoch;
  private int lastFetchedEpoch;

  /** The partition as it was found last. */
  private @Nullable Partition partition;

  // What the session's last answer said.
  private long toldHighWatermark = -1;
  private long toldLogStartOffset = -1;

  FetchPart(String topic, Uuid topicId, FetchPartition asked) {
    this.topic = topic;
    this.topicId = topicId;
    this.number = asked.partition();
    offset = asked.fetchOffset();
    ask(asked);
  }

  /** Offsets that the client has gone past since the last call. */
  long takePassed() {
    long taken = passed;
    passed = 0;
    return taken;
  }

  /** Takes over what a later request of the session asks for. */
  void ask(FetchPartition asked) {
    passed += Math.max(0, asked.fetchOffset() - offset);
    offset = asked.fetchOffset();
    maxBytes = asked.partitionMaxBytes();
    currentLeaderEpoch = asked.currentLeaderEpoch();
    lastFetchedEpoch = asked.lastFetchedEpoch();
  }

  /** Identity within a session: by id when the request names ids, else by name. */
  record Key(String topic, Uuid topicId, int number) {}

  Key key() {
    return new Key(topic, topicId, number);
  }

  /** Name of the topic; empty when the request names ids. */
  String topic() {
    return topic;
  }

  Uuid topicId() {
    return topicId;
  }

  int number() {
    return number;
  }

  long offset() {
    return offset;
  }

  int maxBytes() {
    return maxBytes;
  }

  int currentLeaderEpoch() {
    return currentLeaderEpoch;
  }

  int lastFetchedEpoch() {
    return lastFetchedEpoch;
  }

  @Nullable Partition partition() {
    return partition;
  }

  void found(@Nullable Partition now) {
    partition = now;
  }

  boolean isOfTopic(String name, Uuid id) {
    return topicId.equals(id) && Objects.equals(topic, name);
  }

  /**
   * Whether an incremental answer must name this partition; notes what is told.
   *
   * @param bytes size of its records
   */
  boolean hasNews(PartitionData data, int bytes) {
    boolean error = data.errorCode() != Errors.NONE.code();
    boolean news =
        error
            || bytes > 0
            || data.highWatermark() != toldHighWatermark
            || data.logStartOffset() != toldLogStartOffset
            || data.preferredReadReplica() >= 0
            || data.divergingEpoch().epoch() >= 0;
    // When an error goes away the partition must be told again.
    toldHighWatermark = error ? -1 : data.highWatermark();
    toldLogStartOffset = data.logStartOffset();
    return news;
  }
}
