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
    @Nullable String address) {

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
    return new Event(0, 0, kind, level, text, -1, null, null, null);
  }

  /** An event of everyday life. */
  public static Event info(String kind, String text) {
    return of(kind, Level.INFO, text);
  }

  /** The same, about a topic. */
  public Event topic(String name) {
    return new Event(seq, atMs, kind, level, text, broker, name, group, address);
  }

  /** The same, about a group. */
  public Event group(String name) {
    return new Event(seq, atMs, kind, level, text, broker, topic, name, address);
  }

  /** The same, about a peer. */
  public Event address(String peer) {
    return new Event(seq, atMs, kind, level, text, broker, topic, group, peer);
  }

  Event at(long number, long wallMs, int ownId) {
    int seenBy = broker < 0 ? ownId : broker;
    return new Event(number, wallMs, kind, level, text, seenBy, topic, group, address);
  }
}
