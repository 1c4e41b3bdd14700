package io.millrace.app;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The loops of a broker. Immutable.
 *
 * @param vertx what they run on
 * @param factory makes more of them
 * @param control the loop on which metadata is applied
 * @param shards the loops that own logs
 */
record Loops(Vertx vertx, VertxLoops factory, EventLoop control, List<EventLoop> shards) {

  /**
   * Starts them.
   *
   * @param eventLoops number of event loops
   * @param shards number of loops that own logs
   * @param cores number of processors
   */
  static Future<Loops> start(Clock clock, int eventLoops, int shards, int cores) {
    Vertx vertx = Transports.start(new VertxOptions().setEventLoopPoolSize(eventLoops));
    VertxLoops factory = new VertxLoops(vertx, clock, cores);
    List<Future<EventLoop>> workers = new ArrayList<>();
    workers.add(factory.startWorker("control"));
    for (int i = 0; i < shards; i++) {
      workers.add(factory.startWorker("storage-" + i));
    }
    return Future.all(workers)
        .map(
            all -> {
              List<EventLoop> started = all.list();
              return new Loops(vertx, factory, started.get(0), started.subList(1, started.size()));
            });
  }

  /**
   * Stops them, on a thread of its own: the stop has come here by the control loop, and closing
   * Vert.x from one of its own workers would wait for itself.
   */
  Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    Runnable close =
        () ->
            vertx
                .close()
                .onComplete(
                    closed -> {
                      factory.close();
                      stopped.handle(closed);
                    });
    new Thread(close, "stop-loops").start();
    return stopped.future();
  }
}
