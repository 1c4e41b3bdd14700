package io.millrace.rest.live;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Somebody who follows a document. Told on his own loop, each time with an object of his own. */
final class Watcher {
  private final EventLoop loop;
  private final Consumer<JsonObject> sink;

  // Owner: the loop of the watcher.
  private boolean closed;

  Watcher(EventLoop loop, Consumer<JsonObject> sink) {
    this.loop = loop;
    this.sink = sink;
  }

  /** On his loop: nothing comes from now on. */
  void close() {
    loop.assertOwner();
    closed = true;
  }

  /** Any thread. */
  void tell(JsonObject delta) {
    loop.execute(
        () -> {
          if (!closed) {
            sink.accept(delta);
          }
        });
  }
}
