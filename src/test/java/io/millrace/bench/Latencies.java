package io.millrace.bench;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long after it was due each thing came. Confined to: the thread that adds. */
final class Latencies {
  private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);

  private final Histogram latenciesNs = new Histogram(HIGHEST_NS, 3);

  /** It is here now. */
  void add(long dueNs) {
    latenciesNs.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - dueNs));
  }

  /** Puts percentiles in ms into what is told. */
  JsonObject tell(JsonObject told) {
    return told.put("p50_ms", latenciesNs.getValueAtPercentile(50) / 1e6)
        .put("p99_ms", latenciesNs.getValueAtPercentile(99) / 1e6)
        .put("p999_ms", latenciesNs.getValueAtPercentile(99.9) / 1e6)
        .put("max_ms", latenciesNs.getMaxValue() / 1e6);
  }
}
