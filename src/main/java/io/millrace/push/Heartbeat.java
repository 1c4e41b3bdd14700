package io.millrace.push;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client how far behind a subscription is: after each change every 5 s at most, and without
 * any along with each ping of the socket, every 20 s, for a page cannot see pings. Confined to: its
 * subscription.
 */
final class Heartbeat {
  private static final int EVERY_S = 5;

  private long lastSum = -1;
  private long lastLag = -1;
  private int seconds;

  /**
   * A second has passed.
   *
   * @param withPing whether the socket is pinged in it: what is told then costs no packet of its
   *     own
   */
  void second(Subscription subscription, boolean withPing) {
    seconds++;
    if (seconds < EVERY_S && !withPing) {
      return;
    }
    seconds = 0;
    long sum = ends(subscription);
    long lag = subscription.lag();
    if (sum != lastSum || lag != lastLag || lag > 0 || withPing) {
      lastSum = sum;
      lastLag = lag;
      subscription.session.control(frame(subscription, lag));
    }
  }

  private static long ends(Subscription subscription) {
    long sum = 0;
    for (Cursor cursor : subscription.cursors()) {
      sum += cursor.feed.end();
    }
    return sum;
  }

  /** Whether the client knows that nothing waits, and where the ends are. */
  boolean isTold(Subscription subscription) {
    return lastLag == 0 && subscription.lag() == 0 && lastSum == ends(subscription);
  }

  /** The frame {@code hb}. */
  static JsonObject frame(Subscription subscription, long lag) {
    JsonObject lags = new JsonObject().put("n", lag);
    Long ms = lag == 0 ? Long.valueOf(0) : lagMs(subscription);
    if (ms != null) {
      lags.put("ms", ms);
    }
    JsonObject ends = new JsonObject();
    for (Cursor cursor : subscription.cursors()) {
      var id = cursor.feed.partition().id();
      JsonObject topic = ends.getJsonObject(id.topic());
      if (topic == null) {
        topic = new JsonObject();
        ends.put(id.topic(), topic);
      }
      topic.put(Integer.toString(id.partition()), cursor.feed.end());
    }
    return new JsonObject()
        .put("op", "hb")
        .put("sub", subscription.number)
        .put("lag", lags)
        .put("end", ends);
  }

  /** Age in ms of the oldest record that waits, as far as it is known; null when it is not. */
  static @Nullable Long lagMs(Subscription subscription) {
    long oldest = Long.MAX_VALUE;
    for (Cursor cursor : subscription.cursors()) {
      long timestamp = cursor.feed.timestampNear(cursor);
      if (timestamp >= 0 && cursor.feed.end() > cursor.next) {
        oldest = Math.min(oldest, timestamp);
      }
    }
    return oldest == Long.MAX_VALUE
        ? null
        : Math.max(0, subscription.session.loop().clock().wallMs() - oldest);
  }
}
