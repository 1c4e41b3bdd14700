package io.millrace.cluster.founding;

/** What came of a probe. Immutable. */
public sealed interface Outcome {

  /** A broker answered. */
  record Answer(Card card) implements Outcome {}

  /** No broker is there: the port refuses, or something else listens. */
  record Nobody() implements Outcome {}

  /**
   * Nothing is known: the host is silent, unreachable or has no address.
   *
   * @param why what was seen, in a few words
   */
  record Silent(String why) implements Outcome {}
}
