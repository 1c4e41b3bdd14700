package io.millrace.app;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be stopped, the last started first. A start that fails halfway stops what it had
 * started by the same list. Confined to: the thread that starts, then the one that stops.
 */
final class StopOrder {
  private static final Logger LOG = LoggerFactory.getLogger(StopOrder.class);

  private record Part(String name, Supplier<Future<Void>> stop) {}

  private final Deque<Part> parts = new ArrayDeque<>();

  /** Notes how to stop a part that has just been started. */
  void add(String name, Supplier<Future<Void>> stop) {
    parts.push(new Part(name, stop));
  }

  /** Stops every part, whether those before it stopped well or not. Completes when all did. */
  Future<Void> stopAll() {
    Part part = parts.poll();
    if (part == null) {
      return Future.succeededFuture();
    }
    Future<Void> stopped;
    try {
      stopped = part.stop.get();
    } catch (RuntimeException e) {
      stopped = Future.failedFuture(e);
    }
    return stopped
        .onFailure(fault -> LOG.error("{} did not stop cleanly", part.name, fault))
        .transform(result -> stopAll());
  }
}
