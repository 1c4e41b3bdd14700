package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.millrace.browser.frame.JsonFields;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;
import io.millrace.security.Admission;
import io.millrace.security.Grant;
import io.millrace.security.SessionLife;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open socket: its subscriptions and the operations that its client asks for.
 *
 * <p>Confined to: the loop of the socket.
 */
final class Session implements Sessions.Sleeper {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  static final int SUBSCRIPTIONS_MAX = 64;
  private static final int ID_CHARS_MAX = 64;

  /** Bytes that may wait to leave before the client is no longer read from. */
  private static final long ANSWERS_BYTES_MAX = 1 << 20;

  /** Bytes of answers and views that may wait to leave, beside records. */
  private static final long BUFFERED_BYTES_MAX = 16 << 20;

  private final PushLoop home;
  private final SessionInfo info;
  private final Outlet outlet;
  private final List<Subscription> subscriptions = new ArrayList<>(1);
  private int lastNumber;
  private SubscriptionEnd end = SubscriptionEnd.UNSUBSCRIBED;
  private boolean closed;
  private boolean dirty;
  private boolean awake;
  private long bytesOut;
  private long records;
  private final Inflow inflow = new Inflow();
  private final SignOfLife life;
  private @Nullable Watches watches;
  private SessionLife credentials;
  private Caller caller;
  private int secondsToAuthenticate;

  /**
   * @param grant as whom it acts; null when it must say so first
   */
  Session(PushLoop home, SessionInfo info, Outlet outlet, @Nullable Grant grant) {
    this.caller = info.caller();
    this.credentials = new SessionLife(grant == null ? Grant.ANONYMOUS : grant);
    this.secondsToAuthenticate = grant == null ? Admission.AUTH_WITHIN_MS / 1000 + 1 : 0;
    this.home = home;
    this.info = info;
    this.outlet = outlet;
    this.life = new SignOfLife(outlet.answersPings());
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
    return caller;
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

  /** How a subscription ends that ends now. */
  SubscriptionEnd end() {
    return end;
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
  void onText(byte[] text) {
    if (closed) {
      return;
    }
    inflow.came();
    wake();
    holdWhenTooMuch();
    JsonFields fields = JsonFields.of(text);
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
    if (secondsToAuthenticate > 0 && !name.equals("auth")) {
      close(CloseCode.NOT_AUTHENTICATED, "the first frame must be auth");
      return;
    }
    try {
      op.run(this, new Op.Request(fields, id));
    } catch (RefusedException e) {
      refuse(id, e);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("op", name)
          .setCause(e)
          .log("a frame of a socket failed by a fault of the program");
      refuse(
          id,
          new RefusedException(
              Errors.UNKNOWN_SERVER_ERROR,
              "The broker failed at this frame.",
              "Its log says why."));
    }
  }

  private void holdWhenTooMuch() {
    boolean tooMuch = inflow.isTooMuch(outlet.bufferedBytes() < ANSWERS_BYTES_MAX);
    if (inflow.hold(tooMuch)) {
      outlet.hold(tooMuch);
    }
  }

  Inflow inflow() {
    return inflow;
  }

  /** What it follows; made when it follows something. */
  Watches watches() {
    if (watches == null) {
      watches = new Watches();
    }
    return watches;
  }

  /** Goes on with other credentials. @return false when they are somebody else's */
  boolean become(Grant grant) {
    if (secondsToAuthenticate > 0) {
      secondsToAuthenticate = 0;
      credentials = new SessionLife(grant);
      caller = new Caller(grant.principal(), caller.clientId(), caller.host(), caller.listener());
      return true;
    }
    return credentials.renew(grant);
  }

  /** The other side gave a sign of life. */
  void heard() {
    life.heard();
  }

  @Override
  public long id() {
    return info.id();
  }

  /** There is something to look after in the seconds to come. */
  @Override
  public void wake() {
    if (!awake && !closed) {
      awake = true;
      home.sessions().wake(this);
    }
  }

  @Override
  public boolean fallsAsleep() {
    awake = !closed && !isAtRest();
    return !awake;
  }

  private boolean isAtRest() {
    return secondsToAuthenticate == 0
        && inflow.isAtRest()
        && !credentials.doEnd()
        && subscriptions.stream().allMatch(Subscription::isAtRest);
  }

  @Override
  public void second(long tick) {
    inflow.second();
    holdWhenTooMuch();
    if (secondsToAuthenticate > 0) {
      secondsToAuthenticate--;
      if (secondsToAuthenticate == 0) {
        close(CloseCode.NOT_AUTHENTICATED, "no auth frame came in time");
        return;
      }
    }
    lookAtCredentials();
    boolean pingIsDue = Math.floorMod(tick + info.id(), SignOfLife.PING_EVERY_S) == 0;
    if (pingIsDue) {
      ping();
    }
    for (int i = 0; i < subscriptions.size() && !closed; i++) {
      subscriptions.get(i).second(pingIsDue);
    }
  }

  private void ping() {
    if (life.ping()) {
      outlet.ping();
      flushLater();
    } else {
      close(CloseCode.HEARTBEAT_MISSED, "two pings were not answered");
    }
  }

  private void lookAtCredentials() {
    long nowMs = loop().clock().monotonicMs();
    switch (credentials.look(nowMs)) {
      case NOTHING -> {}
      case WARN ->
          control(
              new JsonObject().put("op", "expiring").put("inMs", credentials.remainingMs(nowMs)));
      case END -> close(CloseCode.CREDENTIALS_EXPIRED, "renew with auth before the end");
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
    holdWhenTooMuch();
    for (int i = 0; i < subscriptions.size() && !closed; i++) {
      subscriptions.get(i).pump();
    }
  }

  /** Something the client sent broke the rules of WebSockets, or the connection broke. */
  void onFault(Throwable fault) {
    home.counters().faults++;
    @Nullable WebSocketCloseStatus status =
        fault instanceof CorruptedWebSocketFrameException frame ? frame.closeStatus() : null;
    if (WebSocketCloseStatus.MESSAGE_TOO_BIG.equals(status)) {
      close(CloseCode.FRAME_TOO_LARGE, "a frame has at most 1 MiB");
    } else if (status != null) {
      close(CloseCode.BAD_FRAME, "what came is no WebSocket frame (RFC 6455, section 5.2)");
    } else if (!(fault instanceof IOException)) {
      LOG.error("a socket failed by a fault of the program", fault);
    }
  }

  /**
   * The socket is gone.
   *
   * @param byPage whether the page closed it in due form; false when it broke
   */
  void onClosed(boolean byPage) {
    if (!closed) {
      end(byPage ? SubscriptionEnd.CLOSED : SubscriptionEnd.CUT);
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
    if (closed) {
      return;
    }
    outlet.control(json);
    flushLater();
    if (outlet.bufferedBytes() > BUFFERED_BYTES_MAX) {
      close(CloseCode.TOO_SLOW, "answers are not read");
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
    wake();
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
    if (subscription.cursors().isEmpty() && !subscription.owner().outlivesItsTopics()) {
      remove(subscription);
      if (info.isQuick()) {
        close(CloseCode.UNKNOWN_TOPIC, what);
      }
    }
  }

  /** A subscription ended that had begun; a quick address ends with it. */
  void subscriptionRefused(int number, RefusedException why) {
    text(Reply.error(null, number, why));
    if (info.isQuick()) {
      close(CloseCode.of(why.error()), why.sentence());
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
    end(code.mayComeBack() ? SubscriptionEnd.CUT : SubscriptionEnd.CLOSED);
  }

  private void end(SubscriptionEnd how) {
    closed = true;
    end = how;
    for (Subscription subscription : List.copyOf(subscriptions)) {
      subscription.end();
    }
    subscriptions.clear();
    if (watches != null) {
      watches.close();
    }
    home.remove(this);
  }
}
