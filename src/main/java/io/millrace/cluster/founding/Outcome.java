package io.millrace.cluster.founding;

/** What came of a probe. Immutable. */
public sealed interface Outcome {

  /** A broker answered. */
  record Answer(Card card) implements Outcome {}

  /** No broker is there: the port refuses, or something else listens. */
  record Nobody() implements Outcome {}

  /** Somebody listens and says nothing: a broker that is busy, or something else. */
  record Mute() implements Outcome {}

  /**
   * Nothing is known: the host is silent, unreachable or has no address.
   *
   * @param why what was seen, in a few words
   */
  record Silent(String why) implements Outcome {}
}
