package io.millrace.browser;

import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Documents of the JSON interface that are followed as they change. Thread-safe. */
public interface LiveViews {

  /** Nothing can be followed. */
  LiveViews NONE =
      (loop, caller, path, everyMs, sink) -> {
        throw RefusedException.invalid(
            "The path " + path + " cannot be watched.", "Ask for it with GET.");
      };

  /** What is being followed. */
  interface Watch {
    /** Ends it; nothing comes to the sink afterwards. On the loop that watched. */
    void close();
  }

  /**
   * Follows a document.
   *
   * @param loop loop of the watcher; {@code sink} is called on it
   * @param path as of GET, with its query
   * @param everyMs how often at most; the source may be slower
   * @param sink gets {@code {"full":document}} first, then that or {@code {"set":[…],"drop":[…]}}
   * @throws RefusedException when the path is not one that can be followed, or not by this caller
   */
  Watch watch(EventLoop loop, Caller caller, String path, long everyMs, Consumer<JsonObject> sink);
}
