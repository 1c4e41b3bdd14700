package io.millrace.push;

import io.millrace.browser.SocketViews;
import io.millrace.eventloop.EventLoop;
import io.millrace.quota.ConnectionCount;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The door for sessions of browsers, on every loop that serves the web. Thread-safe. */
public final class Push implements SocketViews {
  /** Sockets of one broker, whatever the configuration says. */
  private static final int SOCKETS_MAX = 100_000;

  /** Sockets of one address, whatever the configuration says. */
  private static final int ADDRESS_SOCKETS_MAX = 20_000;

  private final PushServices services;
  private final List<PushLoop> homes = new CopyOnWriteArrayList<>();
  private final ConnectionCount open;
  private final AtomicLong lastId = new AtomicLong();

  /** A door that reaches the broker by these. */
  public Push(PushServices services) {
    this.services = services;
    this.open = new ConnectionCount(capped(services.socketsMax()));
    services.metrics().gauge("push.sockets", open::open);
  }

  /** What sockets may be with these limits: a broker has others that nobody wrote down. */
  public static ConnectionCount.Limits capped(ConnectionCount.Limits limits) {
    return limits.atMost(SOCKETS_MAX, ADDRESS_SOCKETS_MAX);
  }

  /** Puts other limits on sockets in force; those that are open stay. */
  public void changeLimits(ConnectionCount.Limits to) {
    open.change(capped(to));
  }

  /** Adds the routes of one event loop; its sessions live there. */
  public void mount(Router router, EventLoop loop) {
    PushLoop home = new PushLoop(loop, services, open);
    homes.add(home);
    new Door(home, services, open, lastId::incrementAndGet).mount(router);
  }

  @Override
  public List<SocketView> list() {
    return homes.stream().flatMap(home -> home.views().stream()).toList();
  }

  @Override
  public int count() {
    return open.open();
  }

  @Override
  public Map<String, Integer> countByUser() {
    Map<String, Integer> counts = new TreeMap<>();
    list().forEach(view -> counts.merge(view.user(), 1, Integer::sum));
    return counts;
  }

  @Override
  public boolean close(long id) {
    for (PushLoop home : homes) {
      if (home.views().stream().anyMatch(view -> view.id() == id)) {
        home.loop().execute(() -> home.closeSession(id));
        return true;
      }
    }
    return false;
  }

  /** Tells all sessions that the broker stops, and closes them. */
  public Future<Void> close() {
    List<Future<Void>> closing =
        homes.stream()
            .map(
                home -> {
                  var promise = Promise.<Void>promise();
                  home.loop()
                      .execute(
                          () -> {
                            home.closeAll();
                            promise.complete();
                          });
                  return promise.future();
                })
            .toList();
    return Future.join(closing).mapEmpty();
  }
}
