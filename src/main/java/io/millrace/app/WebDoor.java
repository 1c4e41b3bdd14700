package io.millrace.app;

import io.millrace.browser.LiveViews;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.quota.Quotas;
import io.millrace.rest.Api;
import io.millrace.rest.Routes;
import io.millrace.rest.StaticRoutes;
import io.millrace.rest.live.LiveBoard;
import io.millrace.rest.view.Sources;
import io.millrace.rest.view.Views;
import io.millrace.security.WebNodes;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the web door, made when clients are served already. Thread-safe once {@link
 * #prepare} is done.
 */
final class WebDoor implements Routes {
  private final VertxLoops loops;
  private final Function<EventLoop, Sources> sources;
  private final StaticRoutes files;
  private volatile @Nullable Api api;
  private volatile @Nullable LiveViews live;

  /**
   * @param sources what documents are made from, on that worker
   * @param nodes where else in the cluster a page may go on
   */
  WebDoor(VertxLoops loops, Function<EventLoop, Sources> sources, WebNodes nodes) {
    this.loops = loops;
    this.sources = sources;
    this.files = new StaticRoutes(nodes);
  }

  /** Makes everything that the door needs. */
  Future<Void> prepare() {
    return loops
        .startWorker("views")
        .map(
            loop -> {
              Sources given = sources.apply(loop);
              Views views = new Views(given);
              live = new LiveBoard(loop, views.all(), given.authorizer());
              api = new Api(given, views, Quotas.UNLIMITED);
              views.start();
              return null;
            });
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    Api prepared = api;
    if (prepared == null) {
      throw new IllegalStateException("the web door is opened before it is prepared");
    }
    prepared.mount(router, loop);
  }

  /** The pages, behind all other rooms. */
  Routes files() {
    return files;
  }

  /** Documents that can be followed; none before {@link #prepare} is done. */
  LiveViews live() {
    return (loop, caller, path, everyMs, sink) ->
        Objects.requireNonNullElse(live, LiveViews.NONE).watch(loop, caller, path, everyMs, sink);
  }
}
