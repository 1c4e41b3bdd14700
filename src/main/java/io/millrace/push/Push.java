package io.millrace.push;

import io.millrace.browser.SocketViews;
import io.millrace.eventloop.EventLoop;
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
  private final PushServices services;
  private final List<PushLoop> homes = new CopyOnWriteArrayList<>();
  private final SocketLimits limits;
  private final AtomicLong lastId = new AtomicLong();

  /** A door that reaches the broker by these. */
  public Push(PushServices services) {
    this.services = services;
    this.limits = new SocketLimits(services.socketsMax(), services.addressSocketsMax());
    services.metrics().gauge("push.sockets", limits::open);
  }

  /** Adds the routes of one event loop; its sessions live there. */
  public void mount(Router router, EventLoop loop) {
    PushLoop home = new PushLoop(loop, services, limits);
    homes.add(home);
    new Door(home, services, limits, lastId::incrementAndGet).mount(router);
  }

  @Override
  public List<SocketView> list() {
    return homes.stream().flatMap(home -> home.views().stream()).toList();
  }

  @Override
  public int count() {
    return limits.open();
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
