package io.millrace.push;

import io.millrace.push.Placing.Placed;

/** Puts a subscription where a place was found. Stateless. */
final class Placement {
  private Placement() {}

  /** Adds the partition to the subscription, and tells what is missing in front of it. */
  static Cursor add(Subscription subscription, Placed placed) {
    Feed feed = subscription.session.home().feed(placed.partition(), subscription.options.format());
    Cursor cursor = subscription.add(feed, placed.start().offset(), placed.start().leaderEpoch());
    if (placed.start().gap() != null) {
      subscription.gap(cursor, placed.start().gap());
    }
    return cursor;
  }
}
