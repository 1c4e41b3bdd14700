package io.millrace.push;

import io.millrace.browser.SocketViews.SocketView;
import io.millrace.browser.SocketViews.SubscriptionView;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Shows a session to others. On the session's loop. */
final class SessionViews {
  private SessionViews() {}

  static SocketView of(Session session) {
    SessionInfo info = session.info();
    return new SocketView(
        info.id(),
        info.caller().principal().getName(),
        info.caller().host().getHostAddress(),
        info.origin(),
        info.agent(),
        session.outlet().protocol(),
        info.openedMs(),
        session.bytesOut(),
        session.records(),
        session.outlet().bufferedBytes(),
        session.subscriptions().stream().map(SessionViews::of).toList());
  }

  private static SubscriptionView of(Subscription subscription) {
    SortedMap<String, List<Integer>> topics = new TreeMap<>();
    for (Cursor cursor : subscription.cursors()) {
      var id = cursor.feed.partition().id();
      topics.computeIfAbsent(id.topic(), name -> new ArrayList<>()).add(id.partition());
    }
    Subscription.Options options = subscription.options;
    return new SubscriptionView(
        subscription.number,
        options.mode(),
        options.group(),
        topics,
        subscription.credit().records(),
        subscription.credit().bytes(),
        subscription.lag(),
        null,
        options.onLag().word(),
        subscription.isPaused());
  }
}
