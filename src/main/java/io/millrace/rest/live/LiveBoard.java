package io.millrace.rest.live;

import io.millrace.browser.LiveViews;
import io.millrace.browser.RefusedException;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Look;
import io.millrace.rest.view.View;
import io.millrace.security.Authorizer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** All documents that are followed on this broker. Thread-safe. */
public final class LiveBoard implements LiveViews {
  private static final int TICK_MS = 1_000;
  private static final int SECONDS_MAX = 60;
  private static final int FEEDS_MAX = 2_000;

  private final EventLoop viewsLoop;
  private final List<View> views;
  private final Authorizer authorizer;

  // Owner: the loop of views.
  private final Map<FeedKey, Feed> feeds = new HashMap<>();
  private boolean ticking;
  private long tick;

  /**
   * What is computed once.
   *
   * @param caller null where everyone sees the same
   */
  private record FeedKey(String path, @Nullable Caller caller, int seconds) {}

  /**
   * @param viewsLoop the loop on which views are computed
   * @param views what can be followed
   */
  public LiveBoard(EventLoop viewsLoop, List<View> views, Authorizer authorizer) {
    this.viewsLoop = viewsLoop;
    this.views = List.copyOf(views);
    this.authorizer = authorizer;
  }

  @Override
  public Watch watch(
      EventLoop loop, Caller caller, String path, long everyMs, Consumer<JsonObject> sink) {
    WatchedPath watched = parse(caller, path);
    int seconds = (int) Math.max(1, Math.min(SECONDS_MAX, (everyMs + TICK_MS - 1) / TICK_MS));
    boolean sameForAll = authorizer == Authorizer.ALLOW_ALL;
    FeedKey key = new FeedKey(path, sameForAll ? null : caller, seconds);
    Watcher watcher = new Watcher(loop, sink);
    viewsLoop.execute(() -> add(key, watched, watcher));
    return () -> {
      watcher.close();
      viewsLoop.execute(() -> remove(key, watcher));
    };
  }

  private WatchedPath parse(Caller caller, String path) {
    try {
      WatchedPath watched = WatchedPath.parse(views, caller, path);
      if (watched != null) {
        return watched;
      }
    } catch (ProblemException e) {
      throw RefusedException.invalid(e.problem().detail(), e.problem().hint());
    }
    throw RefusedException.invalid(
        "The path " + path + " cannot be watched.", "/openapi.json tells which can.");
  }

  private void add(FeedKey key, WatchedPath path, Watcher watcher) {
    viewsLoop.assertOwner();
    Feed feed = feeds.get(key);
    if (feed == null) {
      if (feeds.size() >= FEEDS_MAX) {
        watcher.tell(
            Feed.problem(
                Errors.THROTTLING_QUOTA_EXCEEDED.name(),
                "Too many different documents are watched on this broker."));
        return;
      }
      feed = new Feed(path.view(), path.look());
      feeds.put(key, feed);
      feed.add(watcher);
      feed.compute();
    } else {
      feed.add(watcher);
    }
    if (!ticking) {
      ticking = true;
      viewsLoop.schedule(TICK_MS, this::tick);
    }
  }

  private void remove(FeedKey key, Watcher watcher) {
    viewsLoop.assertOwner();
    Feed feed = feeds.get(key);
    if (feed != null && feed.remove(watcher)) {
      feeds.remove(key);
    }
  }

  private void tick() {
    if (feeds.isEmpty()) {
      ticking = false;
      return;
    }
    tick++;
    feeds.forEach(
        (key, feed) -> {
          if (tick % key.seconds == 0) {
            feed.compute();
          }
        });
    viewsLoop.schedule(TICK_MS, this::tick);
  }

  /**
   * A path that somebody wants to follow.
   *
   * @param view what it names
   * @param look what is asked of it
   */
  private record WatchedPath(View view, Look look) {

    /** Null when no view has such an address. */
    static @Nullable WatchedPath parse(List<View> views, Caller caller, String path) {
      int mark = path.indexOf('?');
      String address = mark < 0 ? path : path.substring(0, mark);
      for (View view : views) {
        Map<String, String> names = Paths.match(view.address(), address);
        if (names != null) {
          Map<String, String> query = Paths.query(mark < 0 ? "" : path.substring(mark + 1));
          for (String parameter : query.keySet()) {
            if (!view.parameters().contains(parameter)) {
              throw RefusedException.invalid(
                  "There is no parameter " + parameter + " here.",
                  view.parameters().isEmpty()
                      ? "This document takes none."
                      : "Known are " + String.join(", ", view.parameters()) + ".");
            }
          }
          return new WatchedPath(view, new Look(caller, names, query));
        }
      }
      return null;
    }
  }
}
