package io.millrace.push;

/**
 * How a subscription ended, as far as whoever keeps something for its page must know.
 *
 * <p>Immutable.
 */
enum SubscriptionEnd {
  /** By itself, while its socket is open. */
  UNSUBSCRIBED("ended its subscription"),
  /** With its socket, which the page closed in due form or may not open again. */
  CLOSED("closed its socket"),
  /** With its socket, which broke or which the broker closed: its page is about to come back. */
  CUT("lost its socket");

  private final String words;

  SubscriptionEnd(String words) {
    this.words = words;
  }

  /** What the page did, for those who look at a group. */
  String words() {
    return words;
  }
}
