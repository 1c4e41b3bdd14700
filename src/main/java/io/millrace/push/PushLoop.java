package io.millrace.push;

import io.millrace.browser.SocketViews.SocketView;
import io.millrace.browser.frame.FrameCutter;
import io.millrace.browser.frame.FrameFormat;
import io.millrace.eventloop.EventLoop;
import io.millrace.partition.Partition;
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

  private final EventLoop loop;
  private final Ops ops;
  private final PushCounters counters;
  private final List<Session> sessions = new ArrayList<>();
  private final Map<FeedKey, Feed> feeds = new HashMap<>();
  private final Map<FrameFormat, FrameCutter> cutters = new HashMap<>();
  private final List<Session> toFlush = new ArrayList<>();
  private boolean roundOpen;
  private boolean ticking;
  private long tick;

  /** What others see of the sessions; replaced each second. */
  private volatile List<SocketView> views = List.of();

  private record FeedKey(Partition partition, FrameFormat format) {}

  PushLoop(EventLoop loop, PushServices services) {
    this.loop = loop;
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

  List<Session> sessions() {
    return sessions;
  }

  /** The cutter of this loop for a format. */
  FrameCutter cutter(FrameFormat format) {
    return cutters.computeIfAbsent(format, FrameCutter::new);
  }

  /** The feed of a partition in a format; made when nobody reads it so. */
  Feed feed(Partition partition, FrameFormat format) {
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
    if (!ticking) {
      ticking = true;
      loop.schedule(TICK_MS, this::onTick);
    }
  }

  void remove(Session session) {
    sessions.remove(session);
  }

  /** The sessions as they were at the last second. Any thread. */
  List<SocketView> views() {
    return views;
  }

  void closeSession(long id) {
    sessions.stream()
        .filter(session -> session.info().id() == id)
        .findFirst()
        .ifPresent(session -> session.close(CloseCode.DRAINED, "closed by an operator"));
  }

  /** The broker stops. */
  void closeAll() {
    for (Session session : List.copyOf(sessions)) {
      session.control(new JsonObject().put("op", "goaway").put("afterMs", 0));
      session.close(CloseCode.RESTART, "the broker stops");
    }
  }

  private void onTick() {
    tick++;
    feeds.values().forEach(feed -> feed.tick(tick));
    views = sessions.stream().map(SessionViews::of).toList();
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
