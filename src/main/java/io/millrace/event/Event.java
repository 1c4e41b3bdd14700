package io.millrace.event;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened, in words. Immutable.
 *
 * @param seq number of the event in its log, from 1
 * @param atMs wall-clock time in ms
 * @param kind what kind of thing, for programs: {@code topic.created}
 * @param level how much it matters
 * @param text a sentence for people
 * @param broker id of the broker that saw it; -1 before it knows its own
 * @param topic the topic concerned, or null
 * @param group the group concerned, or null
 * @param address the peer concerned, or null
 * @param common whether every broker of the cluster sees it by itself
 */
public record Event(
    long seq,
    long atMs,
    String kind,
    Level level,
    String text,
    int broker,
    @Nullable String topic,
    @Nullable String group,
    @Nullable String address,
    boolean common) {

  /** How much an event matters. */
  public enum Level {
    /** As it should be. */
    INFO,
    /** Somebody should look. */
    WARN,
    /** Something is broken. */
    BAD
  }

  /** An event that is not in a log yet. */
  public static Event of(String kind, Level level, String text) {
    return new Event(0, 0, kind, level, text, -1, null, null, null, false);
  }

  /** An event of everyday life. */
  public static Event info(String kind, String text) {
    return of(kind, Level.INFO, text);
  }

  /** The same, about a topic. */
  public Event topic(@Nullable String name) {
    return new Event(seq, atMs, kind, level, text, broker, name, group, address, common);
  }

  /** The same, about a group. */
  public Event group(@Nullable String name) {
    return new Event(seq, atMs, kind, level, text, broker, topic, name, address, common);
  }

  /** The same, about a peer. */
  public Event address(@Nullable String peer) {
    return new Event(seq, atMs, kind, level, text, broker, topic, group, peer, common);
  }

  /** The same, seen by every broker in the cluster's metadata. */
  public Event asCommon() {
    return new Event(seq, atMs, kind, level, text, broker, topic, group, address, true);
  }

  /** The same, as another broker saw it at that time. */
  public Event seenBy(int brokerId, long wallMs) {
    return new Event(seq, wallMs, kind, level, text, brokerId, topic, group, address, common);
  }

  Event at(long number, long wallMs, int ownId) {
    int seenBy = broker < 0 ? ownId : broker;
    long at = atMs > 0 ? atMs : wallMs;
    return new Event(number, at, kind, level, text, seenBy, topic, group, address, common);
  }
}
