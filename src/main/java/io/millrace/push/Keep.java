package io.millrace.push;

import io.millrace.browser.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * What the place of an instance in a group outlives: it is kept for the grace time of {@link
 * io.millrace.push.member.MemberOptions.Times}, in which the page takes it again without a
 * rebalance (KIP-345).
 *
 * <p>Immutable.
 */
enum Keep {
  /** Also a page that closes its socket, as it does when it is loaded again. */
  CLOSE,
  /**
   * Only a socket that breaks or that the broker closes: for an instance that is not remembered.
   */
  CUT;

  /**
   * Reads {@code keep} of a frame.
   *
   * @param word what it says; null, which means {@code close}, when it says nothing
   * @param instance the instance that it names, null when none: then there is nothing to keep
   * @throws RefusedException when it is no such word, or names no instance
   */
  static Keep of(@Nullable String word, @Nullable String instance) {
    if (word == null) {
      return CLOSE;
    } else if (instance == null) {
      throw RefusedException.invalid(
          "keep says how long the place of an instance is kept.", "Name an instance beside it.");
    }
    return switch (word) {
      case "close" -> CLOSE;
      case "cut" -> CUT;
      default ->
          throw RefusedException.invalid(
              "keep is close or cut.", "Leave it away to keep the place over a reload.");
    };
  }

  /** Whether the place outlives that end. */
  boolean outlives(SubscriptionEnd end) {
    return switch (end) {
      case UNSUBSCRIBED -> false;
      case CLOSED -> this == CLOSE;
      case CUT -> true;
    };
  }
}
