package io.millrace.rest.live;

import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Content;
import io.millrace.rest.view.Content.Document;
import io.millrace.rest.view.Content.Table;
import io.millrace.rest.view.Look;
import io.millrace.rest.view.Row;
import io.millrace.rest.view.View;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One document and all who follow it. A long list is told in portions, so that no loop has much to
 * encode at a time. Confined to: the loop of views.
 */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final int PORTION = 500;

  private final View view;
  private final Look look;
  private final List<Watcher> watchers = new ArrayList<>();
  private @Nullable Content last;
  private Map<Object, Row> rows = Map.of();
  private @Nullable JsonObject lastProblem;
  private boolean computing;

  Feed(View view, Look look) {
    this.view = view;
    this.look = look;
  }

  /** A further watcher gets what is known at once. */
  void add(Watcher watcher) {
    watchers.add(watcher);
    if (lastProblem != null) {
      watcher.tell(lastProblem.copy());
    } else if (last != null) {
      full(last).forEach(part -> watcher.tell(new JsonObject(part.getMap())));
    }
  }

  /**
   * @return whether nobody is left
   */
  boolean remove(Watcher watcher) {
    watchers.remove(watcher);
    return watchers.isEmpty();
  }

  /** Looks again, unless the look before is not done. */
  void compute() {
    if (computing) {
      return;
    }
    computing = true;
    Future<Content> looked;
    try {
      looked = view.look(look);
    } catch (ProblemException e) {
      looked = Future.failedFuture(e);
    }
    looked.onComplete(
        done -> {
          computing = false;
          if (done.succeeded()) {
            show(done.result());
          } else {
            fail(done.cause());
          }
        });
  }

  private void fail(Throwable cause) {
    if (!(cause instanceof ProblemException known)) {
      LOG.error("the live view {} failed", view.address(), cause);
      return;
    }
    JsonObject problem = problem(known.problem().code(), known.problem().detail());
    if (!problem.equals(lastProblem)) {
      lastProblem = problem;
      last = null;
      rows = Map.of();
      tell(problem);
    }
  }

  /** What is told instead of a document that is not there, or no longer. */
  static JsonObject problem(String code, String detail) {
    return new JsonObject()
        .putNull("full")
        .put("problem", new JsonObject().put("code", code).put("detail", detail));
  }

  private void show(Content now) {
    boolean first = last == null;
    Content before = last;
    last = now;
    lastProblem = null;
    if (now instanceof Table table) {
      Map<Object, Row> known = rows;
      rows = new LinkedHashMap<>(table.rows().size() * 2);
      table.rows().forEach(row -> rows.put(row.key(), row));
      if (!first) {
        deltas(known, table).forEach(this::tell);
      }
    } else if (!first && !now.equals(before)) {
      full(now).forEach(this::tell);
    }
    if (first) {
      full(now).forEach(this::tell);
    }
  }

  private void tell(JsonObject delta) {
    watchers.forEach(watcher -> watcher.tell(new JsonObject(delta.getMap())));
  }

  private static List<JsonObject> full(Content content) {
    if (content instanceof Document document) {
      return List.of(new JsonObject().put("full", document.json()));
    }
    Table table = (Table) content;
    List<JsonObject> parts = new ArrayList<>();
    List<? extends Row> rows = table.rows();
    JsonArray first = json(rows.subList(0, Math.min(PORTION, rows.size())));
    parts.add(new JsonObject().put("full", new JsonObject().put(table.name(), first)));
    for (int at = PORTION; at < rows.size(); at += PORTION) {
      parts.add(
          new JsonObject().put("set", json(rows.subList(at, Math.min(at + PORTION, rows.size())))));
    }
    return parts;
  }

  private static JsonArray json(List<? extends Row> rows) {
    JsonArray json = new JsonArray();
    rows.forEach(row -> json.add(row.json()));
    return json;
  }

  private List<JsonObject> deltas(Map<Object, Row> known, Table table) {
    List<Row> changed = new ArrayList<>();
    rows.forEach(
        (key, row) -> {
          if (!row.equals(known.get(key))) {
            changed.add(row);
          }
        });
    JsonArray dropped = new JsonArray();
    if (!table.grows()) {
      for (Object key : known.keySet()) {
        if (!rows.containsKey(key)) {
          dropped.add(key);
        }
      }
    }
    List<JsonObject> deltas = new ArrayList<>();
    for (int at = 0; at < changed.size(); at += PORTION) {
      JsonArray set = json(changed.subList(at, Math.min(at + PORTION, changed.size())));
      deltas.add(new JsonObject().put("set", set).put("drop", new JsonArray()));
    }
    if (!dropped.isEmpty()) {
      if (deltas.isEmpty()) {
        deltas.add(new JsonObject().put("set", new JsonArray()));
      }
      deltas.get(0).put("drop", dropped);
    }
    return deltas;
  }
}
