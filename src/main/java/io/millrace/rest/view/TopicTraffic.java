package io.millrace.rest.view;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What goes into one topic, and how fast. Confined to: the loop of views. */
final class TopicTraffic {
  private final Meter bytes;
  private final Meter records;
  private long bytesNow;
  private long recordsNow;
  private @Nullable History bytesHistory;
  private @Nullable History recordsHistory;
  private int idleSteps;

  TopicTraffic(long bytes, long records, long nowNs) {
    this.bytes = new Meter(bytes, nowNs);
    this.records = new Meter(records, nowNs);
    this.bytesNow = bytes;
    this.recordsNow = records;
  }

  /** Takes the counters as they are. @return records that were added since the last time */
  long now(long bytesTotal, long recordsTotal) {
    long added = Math.max(0, recordsTotal - recordsNow);
    bytesNow = bytesTotal;
    recordsNow = recordsTotal;
    return added;
  }

  double bytesIn(long nowNs) {
    return bytes.rate(bytesNow, nowNs);
  }

  double recordsIn(long nowNs) {
    return records.rate(recordsNow, nowNs);
  }

  /**
   * A step of history ends.
   *
   * @param mayKeep whether there is room for the history of one more topic
   * @return whether it keeps a history
   */
  boolean step(long nowNs, boolean mayKeep) {
    double byteRate = bytes.sample(bytesNow, nowNs);
    double recordRate = records.sample(recordsNow, nowNs);
    idleSteps = byteRate > 0 || recordRate > 0 ? 0 : idleSteps + 1;
    if (bytesHistory == null && idleSteps == 0 && mayKeep) {
      bytesHistory = new History();
      recordsHistory = new History();
    }
    if (bytesHistory == null || recordsHistory == null) {
      return false;
    }
    bytesHistory.add(byteRate);
    recordsHistory.add(recordRate);
    if (idleSteps >= History.STEPS) {
      bytesHistory = null;
      recordsHistory = null;
    }
    return true;
  }

  JsonObject history(long endMs) {
    return new JsonObject()
        .put("stepMs", History.STEP_MS)
        .put("endMs", endMs)
        .put("bytesIn", bytesHistory == null ? History.none() : bytesHistory.json())
        .put("recordsIn", recordsHistory == null ? History.none() : recordsHistory.json());
  }
}
