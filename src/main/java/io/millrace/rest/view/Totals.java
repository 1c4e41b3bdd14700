package io.millrace.rest.view;

import io.millrace.metrics.LocalMetrics;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What goes through this broker, and its last five minutes. Confined to: the loop of views. */
final class Totals {
  /** What is counted. */
  enum Kind {
    BYTES_IN("bytesIn", true),
    BYTES_OUT("bytesOut", true),
    RECORDS_IN("recordsIn", true),
    RECORDS_OUT("recordsOut", true),
    REQUESTS("requests", false),
    DELIVERIES("deliveries", false);

    private final String word;
    private final boolean hasHistory;

    Kind(String word, boolean hasHistory) {
      this.word = word;
      this.hasHistory = hasHistory;
    }
  }

  private final Map<Kind, Line> lines = new EnumMap<>(Kind.class);
  private long historyEndMs;

  private record Line(LongSupplier counter, Meter meter, History history) {}

  Totals(LocalMetrics metrics, LongSupplier recordsIn, long nowNs) {
    add(Kind.BYTES_IN, sum(metrics, "storage.append.bytes"), nowNs);
    add(Kind.BYTES_OUT, sum(metrics, "fetch.bytes", "push.bytes.delivered"), nowNs);
    add(Kind.RECORDS_IN, recordsIn, nowNs);
    add(Kind.RECORDS_OUT, sum(metrics, "fetch.records", "push.records.delivered"), nowNs);
    add(Kind.REQUESTS, sum(metrics, "network.requests", "http.requests"), nowNs);
    add(Kind.DELIVERIES, sum(metrics, "push.records.delivered"), nowNs);
  }

  private static LongSupplier sum(LocalMetrics metrics, String... names) {
    var counters = List.of(names).stream().map(metrics::counter).toList();
    return () -> counters.stream().mapToLong(counter -> counter.value()).sum();
  }

  private void add(Kind kind, LongSupplier counter, long nowNs) {
    lines.put(kind, new Line(counter, new Meter(counter.getAsLong(), nowNs), new History()));
  }

  /** A step of history ends: every {@link History#STEP_MS}. */
  void step(long nowNs, long wallMs) {
    historyEndMs = wallMs;
    lines
        .values()
        .forEach(line -> line.history.add(line.meter.sample(line.counter.getAsLong(), nowNs)));
  }

  /** Rates per second now. */
  JsonObject rates(long nowNs) {
    JsonObject rates = new JsonObject();
    lines.forEach(
        (kind, line) ->
            rates.put(
                kind.word, History.rounded(line.meter.rate(line.counter.getAsLong(), nowNs))));
    return rates;
  }

  /** The last five minutes. */
  JsonObject history() {
    JsonObject json = new JsonObject().put("stepMs", History.STEP_MS).put("endMs", historyEndMs);
    lines.forEach(
        (kind, line) -> {
          if (kind.hasHistory) {
            json.put(kind.word, line.history.json());
          }
        });
    return json;
  }
}
