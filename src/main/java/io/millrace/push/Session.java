package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.millrace.browser.frame.JsonFields;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One open socket: its subscriptions and the operations that its client asks for.
 *
 * <p>Confined to: the loop of the socket.
 */
final class Session {
  static final int SUBSCRIPTIONS_MAX = 64;
  private static final int ID_CHARS_MAX = 64;

  private final PushLoop home;
  private final SessionInfo info;
  private final Outlet outlet;
  private final List<Subscription> subscriptions = new ArrayList<>(1);
  private int lastNumber;
  private boolean closed;
  private boolean dirty;
  private long bytesOut;
  private long records;

  Session(PushLoop home, SessionInfo info, Outlet outlet) {
    this.home = home;
    this.info = info;
    this.outlet = outlet;
  }

  PushLoop home() {
    return home;
  }

  EventLoop loop() {
    return home.loop();
  }

  SessionInfo info() {
    return info;
  }

  Caller caller() {
    return info.caller();
  }

  Outlet outlet() {
    return outlet;
  }

  List<Subscription> subscriptions() {
    return subscriptions;
  }

  boolean isClosed() {
    return closed;
  }

  long bytesOut() {
    return bytesOut;
  }

  long records() {
    return records;
  }

  boolean isWritable() {
    return !closed && outlet.isWritable();
  }

  // What comes in.

  /** A text frame of the client. */
  void onText(String text) {
    if (closed) {
      return;
    }
    JsonFields fields = JsonFields.of(text.getBytes(StandardCharsets.UTF_8));
    if (fields == null) {
      badFrame("a frame must be one JSON object");
      return;
    }
    String id = fields.json("id");
    if (id != null && (id.length() > ID_CHARS_MAX || id.startsWith("{") || id.startsWith("["))) {
      badFrame("id must be a short number or text");
      return;
    }
    String name = fields.text("op");
    Op op = name == null ? null : home.ops().get(name);
    if (op == null) {
      refuse(
          id,
          RefusedException.invalid(
              name == null ? "The frame names no op." : "The op " + shown(name) + " is not known.",
              "Known are " + String.join(", ", home.ops().names()) + "."));
      return;
    }
    try {
      op.run(this, new Op.Request(fields, id));
    } catch (RefusedException e) {
      refuse(id, e);
    }
  }

  private static String shown(String name) {
    return name.length() <= 32 ? name : name.substring(0, 32) + "...";
  }

  void badFrame(String why) {
    home.counters().faults++;
    close(CloseCode.BAD_FRAME, why);
  }

  /** The socket takes more again. */
  void onWritable() {
    for (int i = 0; i < subscriptions.size() && !closed; i++) {
      subscriptions.get(i).pump();
    }
  }

  /** Something the client sent broke the rules of WebSockets, or the connection broke. */
  void onFault() {
    home.counters().faults++;
  }

  /** The socket is gone. */
  void onClosed() {
    if (!closed) {
      closed = true;
      end();
    }
  }

  // What goes out.

  void ok(@Nullable String id, JsonObject fields) {
    text(Reply.ok(id, fields));
  }

  void refuse(@Nullable String id, RefusedException why) {
    home.counters().faults++;
    text(Reply.error(id, why));
  }

  /** A subscription could not begin; a quick address ends with it. */
  void refuseBeginning(@Nullable String id, RefusedException why) {
    if (info.isQuick()) {
      home.counters().faults++;
      close(CloseCode.of(why.error()), why.sentence());
    } else {
      refuse(id, why);
    }
  }

  void control(JsonObject frame) {
    text(frame.encode());
  }

  private void text(String json) {
    if (!closed) {
      outlet.control(json);
      flushLater();
    }
  }

  /** Writes records. */
  void send(SharedFrame frame, Cursor cursor) {
    outlet.frame(frame, cursor);
    bytesOut += frame.cost;
    records += frame.cut.count();
    PushCounters counters = home.counters();
    counters.framesDelivered++;
    counters.recordsDelivered += frame.cut.count();
    counters.bytesDelivered += frame.cost;
    flushLater();
  }

  private void flushLater() {
    if (!dirty) {
      dirty = true;
      home.flushAtEnd(this);
    }
  }

  /** Sends what was written in this round. */
  void flush() {
    dirty = false;
    if (!closed) {
      outlet.flush();
    }
  }

  // Subscriptions.

  /** A number for a new subscription. @throws RefusedException when there are too many */
  int newNumber() {
    if (subscriptions.size() >= SUBSCRIPTIONS_MAX) {
      throw new RefusedException(
          Errors.POLICY_VIOLATION,
          "A socket has at most " + SUBSCRIPTIONS_MAX + " subscriptions.",
          "End one with unsub, or name several topics in one sub.");
    }
    lastNumber++;
    return lastNumber;
  }

  void add(Subscription subscription) {
    subscriptions.add(subscription);
  }

  /** The subscription of that number. @throws RefusedException when there is none */
  Subscription subscription(long number) {
    for (Subscription subscription : subscriptions) {
      if (subscription.number == number) {
        return subscription;
      }
    }
    throw RefusedException.invalid("There is no subscription " + number + ".", null);
  }

  void remove(Subscription subscription) {
    subscriptions.remove(subscription);
    subscription.end();
  }

  /** A topic of a subscription can no longer be read. */
  void subscriptionFailed(Subscription subscription, String topic, Errors error) {
    String what =
        error == Errors.UNKNOWN_TOPIC_OR_PARTITION
            ? "Topic " + topic + " was deleted."
            : "Topic " + topic + " can no longer be read: " + error.message();
    text(Reply.error(null, subscription.number, new RefusedException(error, what, null)));
    if (subscription.cursors().isEmpty()) {
      remove(subscription);
      if (info.isQuick()) {
        close(CloseCode.UNKNOWN_TOPIC, what);
      }
    }
  }

  void closeIfTooSlow(Subscription subscription) {
    if (subscription.isTooSlow()) {
      close(
          CloseCode.TOO_SLOW,
          "more than " + subscription.options.lagMax() + " records wait for it");
    }
  }

  /** Ends it. */
  void close(CloseCode code, String words) {
    if (closed) {
      return;
    }
    closed = true;
    outlet.flush();
    outlet.close(code.code(), code.reason(words));
    end();
  }

  private void end() {
    for (Subscription subscription : List.copyOf(subscriptions)) {
      subscription.end();
    }
    subscriptions.clear();
    home.remove(this);
  }
}
