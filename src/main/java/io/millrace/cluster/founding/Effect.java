package io.millrace.cluster.founding;

/** What {@link Founding} wants done. Immutable. */
public sealed interface Effect {

  /** Send this broker's card to a place, and tell what comes back. */
  record Probe(Place place) implements Effect {}

  /** Found a cluster; {@link Founding#founded} when that is done. */
  record Found() implements Effect {}

  /**
   * Join the cluster of a broker; {@link Founding#lookAgain} when that cannot be done.
   *
   * @param place where it was reached
   * @param member its card
   */
  record Join(Place place, Card member) implements Effect {}

  /** Tell the operator what is waited for. */
  record Say(String line) implements Effect {}

  /** Give up the start. */
  record Stop(String sentence) implements Effect {}
}
