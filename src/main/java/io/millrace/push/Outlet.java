package io.millrace.push;

import io.vertx.core.json.JsonObject;

/** Where a session's frames go: a WebSocket, or a stream of server-sent events. */
interface Outlet {

  /** Whether it takes more without piling it up; may flush to find out. */
  boolean isWritable();

  /** Writes records; they leave with the next {@link #flush}. */
  void frame(SharedFrame frame, Cursor cursor);

  /** Writes a control frame; it leaves with the next {@link #flush}. */
  void control(String json);

  /** Sends what was written. */
  void flush();

  /** Stops or goes on reading what the client sends. */
  void hold(boolean held);

  /** Asks the other side for a sign of life; that leaves with the next {@link #flush}. */
  void ping();

  /** Whether the other side can answer that. */
  default boolean answersPings() {
    return true;
  }

  /** A subscription has its places, and nothing of it was sent yet. */
  default void begins(Subscription subscription) {
    // Who asked for it was answered.
  }

  /** Ends it with a code and a reason; nothing is written afterwards. */
  void close(int code, String reason);

  /** Bytes that were written and have not left. */
  long bufferedBytes();

  /** {@code json}, {@code bin} or {@code sse}. */
  String protocol();

  /** As {@link #control(String)}. */
  default void control(JsonObject frame) {
    control(frame.encode());
  }
}
