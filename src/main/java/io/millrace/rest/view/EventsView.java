package io.millrace.rest.view;

import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.rest.view.Content.Table;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** What happened lately, oldest first. Confined to: the loop of views. */
final class EventsView implements View {
  private static final int LIMIT = 200;

  private final Sources sources;
  private final Access access;

  private record EventRow(Event event) implements Row {
    @Override
    public Object key() {
      return event.seq();
    }

    @Override
    public JsonObject json() {
      JsonObject json =
          new JsonObject()
              .put("seq", event.seq())
              .put("atMs", event.atMs())
              .put("kind", event.kind())
              .put("level", event.level().name().toLowerCase(Locale.ROOT))
              .put("text", event.text())
              .put("broker", event.broker());
      put(json, "topic", event.topic());
      put(json, "group", event.group());
      put(json, "address", event.address());
      return json;
    }

    private static void put(JsonObject json, String name, @Nullable String value) {
      if (value != null) {
        json.put(name, value);
      }
    }
  }

  EventsView(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public String address() {
    return "/api/v1/events";
  }

  @Override
  public Set<String> parameters() {
    return Set.of("limit", "after", "kind");
  }

  @Override
  public Future<Content> look(Look look) {
    access.cluster(look.caller(), AclOperation.DESCRIBE);
    int limit = (int) look.number("limit", LIMIT, 0, EventLog.KEPT);
    long after = look.number("after", 0, 0, Long.MAX_VALUE);
    @Nullable String kind = look.query("kind");
    List<EventRow> rows =
        sources.events().after(after, EventLog.KEPT).stream()
            .filter(event -> kind == null || isKind(event.kind(), kind))
            .map(EventRow::new)
            .toList();
    List<EventRow> newest = rows.subList(Math.max(0, rows.size() - limit), rows.size());
    return Future.succeededFuture(new Table("events", true, newest));
  }

  /** {@code topic} stands for {@code topic.created} and its like. */
  private static boolean isKind(String kind, String asked) {
    return kind.equals(asked) || kind.startsWith(asked + ".");
  }
}
