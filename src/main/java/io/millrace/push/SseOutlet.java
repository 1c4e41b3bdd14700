package io.millrace.push;

import io.millrace.browser.Position;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A stream of server-sent events: records carry no name, what else there is has that of its frame.
 * Each record event has the reader's position for an id, which the browser hands back when it
 * connects anew.
 *
 * <p>Confined to: the loop of the connection.
 */
final class SseOutlet implements Outlet {
  private static final int OP_AT = "{\"op\":\"".length();

  private final HttpServerResponse response;
  private boolean begun;
  private boolean ended;

  SseOutlet(HttpServerResponse response) {
    this.response = response;
  }

  private void write(Buffer bytes) {
    if (ended || response.closed()) {
      return;
    }
    if (!begun) {
      begun = true;
      response
          .setChunked(true)
          .putHeader("content-type", "text/event-stream")
          .putHeader("cache-control", "no-store")
          .putHeader("x-accel-buffering", "no");
    }
    // A failed write ends the connection, which tells the session.
    response.write(bytes);
  }

  @Override
  public boolean isWritable() {
    return !response.writeQueueFull();
  }

  @Override
  public void frame(SharedFrame frame, Cursor cursor) {
    ByteBuf shared = frame.shared();
    byte[] bytes = new byte[shared.readableBytes()];
    shared.getBytes(shared.readerIndex(), bytes);
    for (int i = 0; i < bytes.length; i++) {
      // Between the tokens of JSON a line may end; in an event it may not.
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        bytes[i] = ' ';
      }
    }
    write(
        Buffer.buffer(bytes.length + 128)
            .appendString("id: " + position(cursor.subscription).json().encode() + "\ndata: {")
            .appendBytes(bytes)
            .appendString("\n\n"));
  }

  /**
   * Tells the place by an event without data, which the browser keeps and shows nobody: whoever is
   * cut off before the first record comes back where it was, not at the end of that moment.
   */
  @Override
  public void begins(Subscription subscription) {
    write(Buffer.buffer("id: " + position(subscription).json().encode() + "\n\n"));
  }

  /** Where a subscription stands in all its partitions. */
  static Position position(Subscription subscription) {
    SortedMap<String, Position.TopicPosition> topics = new TreeMap<>();
    for (Cursor cursor : subscription.cursors()) {
      var id = cursor.feed.partition().id();
      topics
          .computeIfAbsent(
              id.topic(), name -> new Position.TopicPosition(id.topicId(), new TreeMap<>()))
          .at()
          .put(id.partition(), new Position.Point(cursor.next, cursor.leaderEpoch));
    }
    return new Position(topics);
  }

  @Override
  public void control(String json) {
    String op = json.substring(OP_AT, json.indexOf('"', OP_AT));
    write(Buffer.buffer("event: " + op + "\ndata: " + json + "\n\n"));
  }

  @Override
  public void flush() {
    // Each write leaves by itself.
  }

  @Override
  public void hold(boolean held) {
    // The client sends nothing.
  }

  @Override
  public void ping() {
    write(Buffer.buffer(": ping\n\n"));
  }

  /** A stream has one direction. */
  @Override
  public boolean answersPings() {
    return false;
  }

  @Override
  public void close(int code, String reason) {
    if (ended) {
      return;
    }
    if (!begun) {
      ended = true;
      refuse(code, reason);
      return;
    }
    write(
        Buffer.buffer(
            "event: close\ndata: "
                + new JsonObject().put("code", code).put("reason", reason).encode()
                + "\n\n"));
    ended = true;
    response.end();
  }

  private void refuse(int code, String reason) {
    int status =
        switch (code) {
          case 4503 -> 403;
          case 4504 -> 404;
          case 4506 -> 410;
          case 4508 -> 429;
          default -> code < 4500 ? 503 : 400;
        };
    Problems.answer(response, status, reason.substring(0, reason.indexOf(':')), reason, null);
  }

  @Override
  public long bufferedBytes() {
    return 0;
  }

  @Override
  public String protocol() {
    return "sse";
  }
}
