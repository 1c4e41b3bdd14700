package io.millrace.push;

import io.millrace.browser.SocketViews.SocketView;
import io.millrace.browser.frame.FrameCutter;
import io.millrace.browser.frame.FrameFormat;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.partition.CommittedLog;
import io.millrace.quota.ConnectionCount;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the sessions of one event loop share: feeds, and the round after which each socket that was
 * written to is flushed once.
 *
 * <p>Confined to: that loop.
 */
final class PushLoop {
  private static final long TICK_MS = 1000;
  private static final int SHOWN_ALWAYS = 200;
  private static final int SHOWN_EVERY_S = 10;

  private final EventLoop loop;
  private final PushServices services;
  private final ConnectionCount open;
  private final Ops ops;
  private final PushCounters counters;
  private final Sessions<Session> sessions = new Sessions<>();
  private final Map<FeedKey, Feed> feeds = new HashMap<>();
  private final Map<FrameFormat, FrameCutter> cutters = new HashMap<>();
  private final List<Session> toFlush = new ArrayList<>();
  private boolean roundOpen;
  private boolean ticking;
  private long tick;
  private ClusterImage seen;

  /** What others see of the sessions; replaced each second. */
  private volatile List<SocketView> views = List.of();

  /** Whether somebody looked at the sessions since they were shown last. */
  private volatile boolean asked;

  /** The loop's. */
  private boolean stopping;

  /** What sessions were told of the cluster's other web doors. */
  private final Map<Session, List<String>> toldNodes = new HashMap<>();

  private record FeedKey(CommittedLog partition, FrameFormat format) {}

  PushLoop(EventLoop loop, PushServices services, ConnectionCount open) {
    this.loop = loop;
    this.services = services;
    this.open = open;
    this.seen = services.image().get();
    this.ops = Ops.of(services);
    this.counters = new PushCounters(services.metrics());
  }

  EventLoop loop() {
    return loop;
  }

  Ops ops() {
    return ops;
  }

  PushCounters counters() {
    return counters;
  }

  /** Seconds that this loop has counted while it had sessions. */
  long tick() {
    return tick;
  }

  Sessions<Session> sessions() {
    return sessions;
  }

  /** Tells a session where else its page may go on, when that is news to it. */
  void tellNodes(Session session) {
    if (session.info().isQuick()) {
      return;
    }
    List<String> open = services.nodes().open(session.info().dialled());
    if (!open.equals(toldNodes.getOrDefault(session, List.of()))) {
      toldNodes.put(session, open);
      session.control(new JsonObject().put("op", "nodes").put("nodes", new JsonArray(open)));
    }
  }

  /** The cutter of this loop for a format. */
  FrameCutter cutter(FrameFormat format) {
    return cutters.computeIfAbsent(format, FrameCutter::new);
  }

  /** The feed of a partition in a format; made when nobody reads it so. */
  Feed feed(CommittedLog partition, FrameFormat format) {
    loop.assertOwner();
    return feeds.computeIfAbsent(
        new FeedKey(partition, format), key -> new Feed(this, partition, format));
  }

  void forget(Feed feed) {
    feeds.remove(new FeedKey(feed.partition(), feed.format()), feed);
  }

  void add(Session session) {
    loop.assertOwner();
    sessions.add(session);
    session.wake();
    if (stopping) {
      session.close(CloseCode.RESTART, "the broker stops");
    }
    if (!ticking) {
      ticking = true;
      loop.schedule(TICK_MS, this::onTick);
    }
  }

  void remove(Session session) {
    toldNodes.remove(session);
    if (sessions.remove(session)) {
      open.leave(session.info().caller().host());
    }
  }

  /** The sessions as they were at the last second. Any thread. */
  List<SocketView> views() {
    asked = true;
    return views;
  }

  void closeSession(long id) {
    sessions.all().stream()
        .filter(session -> session.info().id() == id)
        .findFirst()
        .ifPresent(session -> session.close(CloseCode.DRAINED, "closed by an operator"));
  }

  /**
   * Whether the broker stops: who comes now is sent away, or the end of the door would be theirs.
   */
  boolean isStopping() {
    loop.assertOwner();
    return stopping;
  }

  /** The broker stops. */
  void closeAll() {
    stopping = true;
    for (Session session : sessions.all()) {
      session.control(new JsonObject().put("op", "goaway").put("afterMs", 0));
      session.close(CloseCode.RESTART, "the broker stops");
    }
  }

  /** Partitions may have been added. */
  private void follow(ClusterImage now) {
    if (now != seen) {
      boolean moved = now.brokers() != seen.brokers();
      seen = now;
      for (Session session : sessions.all()) {
        session.subscriptions().forEach(subscription -> subscription.grow(services));
        if (moved) {
          tellNodes(session);
        }
      }
    }
  }

  private void onTick() {
    tick++;
    feeds.values().forEach(feed -> feed.tick(tick));
    sessions.second(tick);
    follow(services.image().get());
    if (sessions.size() <= SHOWN_ALWAYS || asked || tick % SHOWN_EVERY_S == 0) {
      asked = false;
      views = sessions.all().stream().map(SessionViews::of).toList();
    }
    ticking = !sessions.isEmpty();
    if (ticking) {
      loop.schedule(TICK_MS, this::onTick);
    }
  }

  /** The session was written to: it is flushed when the steps that gathered now are done. */
  void flushAtEnd(Session session) {
    toFlush.add(session);
    if (!roundOpen) {
      roundOpen = true;
      loop.atBatchEnd(this::flushAll);
    }
  }

  private void flushAll() {
    roundOpen = false;
    // A flush may let a socket take more, which opens the next round.
    List<Session> round = List.copyOf(toFlush);
    toFlush.clear();
    round.forEach(Session::flush);
    counters.flushes += round.size();
    counters.publish();
  }
}
