package io.millrace.rest.live;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Somebody who follows a document. Told on his own loop, each time with an object of his own. What
 * comes in portions is told one by one with pauses between, so that a long list keeps nobody else
 * on the loop waiting. Confined to: the loop of the watcher, save {@link #tell}.
 */
final class Watcher {
  private static final int PAUSE_MS = 1;

  private final EventLoop loop;
  private final Consumer<JsonObject> sink;

  // Owner: the loop of the watcher.
  private final ArrayDeque<JsonObject> untold = new ArrayDeque<>(2);
  private boolean telling;
  private boolean closed;

  Watcher(EventLoop loop, Consumer<JsonObject> sink) {
    this.loop = loop;
    this.sink = sink;
  }

  /** Nothing comes from now on. */
  void close() {
    loop.assertOwner();
    closed = true;
    untold.clear();
  }

  /** Any thread. */
  void tell(JsonObject delta) {
    loop.execute(
        () -> {
          if (!closed) {
            untold.add(delta);
            if (!telling) {
              telling = true;
              tellNext();
            }
          }
        });
  }

  private void tellNext() {
    JsonObject delta = untold.poll();
    if (delta == null || closed) {
      telling = false;
      return;
    }
    sink.accept(delta);
    if (untold.isEmpty()) {
      telling = false;
    } else {
      loop.schedule(PAUSE_MS, this::tellNext);
    }
  }
}
