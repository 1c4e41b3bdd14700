package io.millrace.rest.view;

import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.CommittedOffsets;
import io.millrace.partition.FoundOffset;
import io.millrace.partition.Partition;
import io.millrace.partition.PartitionFacts;
import io.millrace.partition.ReadLimit;
import io.millrace.rest.view.Content.Table;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/** The partitions of one topic. Confined to: the loop of views. */
final class PartitionViews implements View {
  private static final int METERS_MAX = 10_000;
  private static final long METER_STEP_NS = 5_000_000_000L;

  private final Sources sources;
  private final Access access;
  private final Map<PartitionId, Metered> meters = new HashMap<>();

  private record PartitionId(Uuid topic, int number) {}

  /** A meter and when it took its last sample. */
  private static final class Metered {
    final Meter meter;
    long sampledNs;

    Metered(long value, long nowNs) {
      meter = new Meter(value, nowNs);
      sampledNs = nowNs;
    }
  }

  /**
   * A partition.
   *
   * @param facts what its log holds; null when it is not here
   * @param offsets where it begins and ends, as its leader on another broker tells; or null
   * @param recordsIn records per second
   * @param oldestMs time of the first record; -1 when unknown
   * @param newestMs largest time of a record; -1 when unknown
   */
  private record PartitionRow(
      int number,
      PartitionImage decided,
      @Nullable PartitionFacts facts,
      @Nullable CommittedOffsets offsets,
      double recordsIn,
      long oldestMs,
      long newestMs)
      implements Row {

    @Override
    public Object key() {
      return number;
    }

    @Override
    public JsonObject json() {
      JsonObject json =
          new JsonObject()
              .put("partition", number)
              .put("leader", decided.leader())
              .put("leaderEpoch", decided.leaderEpoch())
              .put("replicas", new JsonArray(decided.replicas()))
              .put("isr", new JsonArray(decided.isr()));
      if (facts != null) {
        json.put("logStartOffset", facts.logStartOffset())
            .put("highWatermark", facts.highWatermark())
            .put("lastStableOffset", facts.lastStableOffset())
            .put("logEndOffset", facts.logEndOffset())
            .put("sizeBytes", facts.sizeBytes())
            .put("segments", facts.segments())
            .put("recordsIn", History.rounded(recordsIn))
            .put("folder", facts.folder().toString());
      }
      if (offsets != null) {
        json.put("logStartOffset", offsets.logStartOffset())
            .put("highWatermark", offsets.highWatermark())
            .put("lastStableOffset", offsets.limit());
      }
      if (oldestMs >= 0) {
        json.put("oldestMs", oldestMs);
      }
      return newestMs < 0 ? json : json.put("newestMs", newestMs);
    }
  }

  PartitionViews(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public String address() {
    return "/api/v1/topics/{topic}/partitions";
  }

  @Override
  public Set<String> parameters() {
    return Set.of();
  }

  @Override
  public Future<Content> look(Look look) {
    TopicImage topic =
        access.describedTopic(look.caller(), sources.cluster().image(), look.name("topic"));
    List<Future<PartitionRow>> rows = new ArrayList<>();
    for (int number = 0; number < topic.partitions().size(); number++) {
      rows.add(row(topic, number));
    }
    return Future.all(rows).map(all -> new Table("partitions", false, all.list()));
  }

  private Future<PartitionRow> row(TopicImage topic, int number) {
    PartitionImage decided = topic.partitions().get(number);
    Partition partition = sources.partitions().get(topic.id(), number);
    PartitionFacts facts = partition == null ? null : partition.facts();
    if (partition == null || facts == null) {
      return elsewhere(topic, number, decided);
    }
    double rate = rate(new PartitionId(topic.id(), number), facts.logEndOffset());
    if (facts.logStartOffset() >= facts.highWatermark()) {
      return Future.succeededFuture(new PartitionRow(number, decided, facts, null, rate, -1, -1));
    }
    long oldestMs = partition.timestampAt(facts.logStartOffset());
    return partition
        .findOffset(sources.views(), ListOffsetsRequest.MAX_TIMESTAMP, ReadLimit.HIGH_WATERMARK, -1)
        .map(FoundOffset::timestampMs)
        .otherwise(-1L)
        .map(newestMs -> new PartitionRow(number, decided, facts, null, rate, oldestMs, newestMs));
  }

  /** Of one that no replica is here of the leader tells where it begins and ends. */
  private Future<PartitionRow> elsewhere(TopicImage topic, int number, PartitionImage decided) {
    CommittedLog log =
        decided.leader() == PartitionImage.NO_LEADER
            ? null
            : sources.logs().get(topic.id(), number);
    PartitionRow unknown = new PartitionRow(number, decided, null, null, 0, -1, -1);
    return log == null
        ? Future.succeededFuture(unknown)
        : log.offsets(sources.views())
            .map(
                now ->
                    now.error() == Errors.NONE
                        ? new PartitionRow(number, decided, null, now, 0, -1, -1)
                        : unknown)
            .otherwise(unknown);
  }

  private double rate(PartitionId id, long end) {
    long nowNs = sources.views().clock().monotonicNs();
    if (meters.size() > METERS_MAX) {
      meters.clear();
    }
    Metered metered = meters.computeIfAbsent(id, absent -> new Metered(end, nowNs));
    double rate = metered.meter.rate(end, nowNs);
    if (nowNs - metered.sampledNs >= METER_STEP_NS) {
      metered.meter.sample(end, nowNs);
      metered.sampledNs = nowNs;
    }
    return rate;
  }
}
