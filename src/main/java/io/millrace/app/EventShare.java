package io.millrace.app;

import io.millrace.cluster.SoftShare;
import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other brokers what happened on this one, and adds what happened on them to this one's
 * list, so that any broker answers for all. What every broker sees by itself, in the cluster's
 * metadata, is not told. Confined to: its loop.
 */
final class EventShare {
  private static final String SPACE = "events";
  private static final int TOLD_MAX = 100;
  private static final long GATHER_MS = 300;

  private final EventLoop loop;
  private final EventLog events;
  private final SoftShare share;
  private final int brokerId;
  private final String process;
  private final Deque<Event> own = new ArrayDeque<>();
  private final Map<String, Heard> heard = new HashMap<>();
  private boolean gathering;

  /** How far a run of a broker was heard. */
  private record Heard(String process, long seq) {}

  /**
   * @param process what names this run of the broker, so that numbers begin anew with the next
   */
  EventShare(EventLoop loop, EventLog events, SoftShare share, int brokerId, String process) {
    this.loop = loop;
    this.events = events;
    this.share = share;
    this.brokerId = brokerId;
    this.process = process;
  }

  /** Begins to tell and to listen. */
  void begin() {
    loop.execute(
        () -> events.after(0, TOLD_MAX).stream().filter(this::isOwn).forEach(this::gather));
    events.listen(
        event -> {
          if (isOwn(event)) {
            loop.execute(() -> gather(event));
          }
        });
    share.follow(SPACE, loop, this::changed);
  }

  private boolean isOwn(Event event) {
    return !event.common() && (event.broker() == brokerId || event.broker() < 0);
  }

  private void gather(Event event) {
    own.addLast(event);
    if (own.size() > TOLD_MAX) {
      own.removeFirst();
    }
    if (!gathering) {
      gathering = true;
      loop.schedule(GATHER_MS, this::tell);
    }
  }

  private void tell() {
    gathering = false;
    JsonArray told = new JsonArray();
    own.forEach(event -> told.add(json(event)));
    JsonObject value = new JsonObject().put("process", process).put("events", told);
    share.publish(
        SPACE, Integer.toString(brokerId), value.encode().getBytes(StandardCharsets.UTF_8));
  }

  private void changed(String key, byte @Nullable [] value) {
    if (value == null || key.equals(Integer.toString(brokerId))) {
      return;
    }
    try {
      JsonObject told = new JsonObject(Buffer.buffer(value));
      String run = told.getString("process");
      Heard before = heard.get(key);
      long last = before != null && before.process.equals(run) ? before.seq : 0;
      for (Object each : told.getJsonArray("events")) {
        JsonObject json = (JsonObject) each;
        long seq = json.getLong("seq");
        if (seq > last) {
          heard.put(key, new Heard(run, seq));
          events.add(event(Integer.parseInt(key), json));
        }
      }
    } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
      // Of another version, which tells in other words: its own list has it.
      return;
    }
  }

  private static JsonObject json(Event event) {
    return new JsonObject()
        .put("seq", event.seq())
        .put("atMs", event.atMs())
        .put("kind", event.kind())
        .put("level", event.level().name().toLowerCase(Locale.ROOT))
        .put("text", event.text())
        .put("topic", event.topic())
        .put("group", event.group())
        .put("address", event.address());
  }

  private static Event event(int broker, JsonObject json) {
    Event.Level level = Event.Level.valueOf(json.getString("level").toUpperCase(Locale.ROOT));
    return Event.of(json.getString("kind"), level, json.getString("text"))
        .seenBy(broker, json.getLong("atMs"))
        .topic(json.getString("topic"))
        .group(json.getString("group"))
        .address(json.getString("address"));
  }
}
