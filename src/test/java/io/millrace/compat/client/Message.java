package io.millrace.compat.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as a test sends and receives it. Immutable.
 *
 * @param partition -1: the client chooses
 * @param offset -1 while not yet placed
 * @param timestampMs -1: the client's clock
 * @param key null: none
 * @param value null: a tombstone
 */
public record Message(
    String topic,
    int partition,
    long offset,
    long timestampMs,
    @Nullable String key,
    @Nullable String value,
    Map<String, String> headers) {

  /** A message to be sent to a partition. */
  public static Message to(
      String topic, int partition, @Nullable String key, @Nullable String value) {
    return new Message(topic, partition, -1, -1, key, value, Map.of());
  }

  /** The same at a time, in ms since the epoch. */
  public Message at(long timestamp) {
    return new Message(topic, partition, offset, timestamp, key, value, headers);
  }

  /** The same with headers. */
  public Message with(Map<String, String> added) {
    return new Message(topic, partition, offset, timestampMs, key, value, added);
  }

  /** What was said, wherever it was placed. */
  public Message unplaced() {
    return new Message(topic, -1, -1, -1, key, value, headers);
  }
}
