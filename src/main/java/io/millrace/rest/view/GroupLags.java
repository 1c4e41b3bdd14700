package io.millrace.rest.view;

import io.millrace.coordinator.Groups;
import io.millrace.coordinator.LatestGroupViews;
import io.millrace.coordinator.group.GroupView;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicPartition;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.partition.remote.CommittedLogs;
import io.millrace.record.BatchView;
import io.millrace.rest.view.RecordTimes.RecordAt;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * How far groups have read, asked of their coordinators for those who look. The time of a record is
 * read once for each committed offset. Confined to: the loop of views.
 */
final class GroupLags {
  private static final long FRESH_NS = 700_000_000L;

  /** Coordinators are asked for so many groups at once; the others keep what was known. */
  private static final int ROUND_MAX = 500;

  private static final int HISTORIES_MAX = 1_000;
  private static final int TIMES_ASKED_MAX = 32;

  private final EventLoop views;
  private final Groups coordinator;
  private final LatestGroupViews groupViews;
  private final Partitions partitions;
  private final CommittedLogs logs;
  private final Set<RecordAt> asked = new HashSet<>();
  private final Map<String, Known> known = new HashMap<>();
  private Map<String, OfTopic> byTopic = Map.of();
  private @Nullable Future<Void> refreshing;
  private long historyEndMs;

  /**
   * Groups of a topic.
   *
   * @param groups how many have committed offsets in it or read it
   * @param lag most records that one of them is behind; null when unknown
   */
  record OfTopic(int groups, @Nullable Long lag) {
    static final OfTopic NONE = new OfTopic(0, null);

    OfTopic plus(@Nullable Long other) {
      return new OfTopic(
          groups + 1, other == null ? lag : Long.valueOf(Math.max(lag == null ? 0 : lag, other)));
    }
  }

  /** What is known of a group. */
  private static final class Known {
    final RecordTimes times = new RecordTimes();
    GroupOffsets offsets = GroupOffsets.NONE;
    long atNs;
    @Nullable History lag;
    @Nullable History lagMs;
  }

  GroupLags(
      EventLoop views,
      Groups coordinator,
      LatestGroupViews groupViews,
      Partitions partitions,
      CommittedLogs logs) {
    this.views = views;
    this.coordinator = coordinator;
    this.groupViews = groupViews;
    this.partitions = partitions;
    this.logs = logs;
  }

  /** What is known of a group; of all groups after {@link #refreshAll}. */
  GroupOffsets of(String group) {
    Known found = known.get(group);
    return found == null ? GroupOffsets.NONE : found.offsets;
  }

  /** What is known of all groups. */
  Map<String, GroupOffsets> all() {
    Map<String, GroupOffsets> all = new TreeMap<>();
    known.forEach((group, found) -> all.put(group, found.offsets));
    return all;
  }

  /** What was known of the groups of a topic at the last refresh. */
  OfTopic ofTopic(String topic) {
    return byTopic.getOrDefault(topic, OfTopic.NONE);
  }

  /** Asks for the groups that nobody asked for lately; several who look share one round. */
  Future<Void> refreshAll() {
    views.assertOwner();
    Future<Void> running = refreshing;
    if (running != null) {
      return running;
    }
    Map<String, GroupView> all = groupViews.all();
    known.keySet().removeIf(group -> !all.containsKey(group));
    long nowNs = views.clock().monotonicNs();
    List<Future<GroupOffsets>> asked =
        all.keySet().stream()
            .filter(group -> isStale(group, nowNs))
            .sorted(Comparator.comparingLong(this::askedNs))
            .limit(ROUND_MAX)
            .map(this::refresh)
            .toList();
    Future<Void> round =
        Future.join(asked)
            .<Void>mapEmpty()
            .otherwiseEmpty()
            .onComplete(
                done -> {
                  refreshing = null;
                  sumByTopic(all);
                });
    refreshing = round.isComplete() ? null : round;
    return round;
  }

  private boolean isStale(String group, long nowNs) {
    Known found = known.get(group);
    return found == null || nowNs - found.atNs > FRESH_NS;
  }

  private long askedNs(String group) {
    Known found = known.get(group);
    return found == null ? Long.MIN_VALUE : found.atNs;
  }

  /** Asks for one group now. */
  Future<GroupOffsets> refresh(String group) {
    views.assertOwner();
    return coordinator
        .committed(views, group)
        .map(
            answer -> {
              Known found = known.computeIfAbsent(group, name -> new Known());
              if (answer.errorCode() == Errors.NONE.code()) {
                found.times.beginLook();
                found.offsets = GroupOffsets.of(places(answer, found.times));
                found.times.endLook();
              }
              found.atNs = views.clock().monotonicNs();
              return found.offsets;
            });
  }

  private List<GroupOffsets.Place> places(OffsetFetchResponseGroup answer, RecordTimes times) {
    List<GroupOffsets.Place> places = new ArrayList<>();
    for (OffsetFetchResponseTopics topic : answer.topics()) {
      for (OffsetFetchResponsePartitions part : topic.partitions()) {
        TopicPartition id = new TopicPartition(topic.name(), part.partitionIndex());
        places.add(place(id, part.committedOffset(), times));
      }
    }
    places.sort(
        Comparator.comparing(GroupOffsets.Place::topic)
            .thenComparingInt(GroupOffsets.Place::partition));
    return places;
  }

  private GroupOffsets.Place place(TopicPartition id, long committed, RecordTimes times) {
    Partition here = partitions.get(id);
    boolean led = here != null && here.isLeader();
    CommittedLog log = led ? null : logs.get(id.topic(), id.partition());
    long end = led ? here.highWatermark() : log == null ? -1 : log.end();
    if (end < 0) {
      return new GroupOffsets.Place(id.topic(), id.partition(), committed, null, null, null);
    }
    long lag = Math.max(0, end - committed);
    Long lagMs = lag == 0 ? Long.valueOf(0) : age(here, log, committed, times);
    return new GroupOffsets.Place(id.topic(), id.partition(), committed, end, lag, lagMs);
  }

  private @Nullable Long age(
      @Nullable Partition here, @Nullable CommittedLog log, long offset, RecordTimes times) {
    if (log != null) {
      RecordAt at = new RecordAt(log.id(), offset);
      Long known = times.at(at);
      if (known == null) {
        askTime(log, at, times);
      }
      return known == null ? null : ageOf(known);
    }
    if (here == null) {
      return null;
    }
    RecordAt at = new RecordAt(here.id(), offset);
    Long known = times.at(at);
    long timeMs = known == null ? here.timestampAt(offset) : known;
    if (known == null && timeMs >= 0) {
      times.put(at, timeMs);
    }
    return timeMs < 0 ? null : ageOf(timeMs);
  }

  private Long ageOf(long timeMs) {
    return Math.max(0, views.clock().wallMs() - timeMs);
  }

  /** Asks the leader for the batch; its time is there when somebody looks the next time. */
  private void askTime(CommittedLog log, RecordAt at, RecordTimes times) {
    if (asked.size() < TIMES_ASKED_MAX && asked.add(at)) {
      log.read(views, at.offset(), 1)
          .onComplete(
              read -> {
                asked.remove(at);
                if (read.succeeded()
                    && read.result().bytes().remaining() > BatchView.HEADER_BYTES) {
                  times.put(at, new BatchView().wrap(read.result().bytes(), 0).maxTimestamp());
                }
              });
    }
  }

  private void sumByTopic(Map<String, GroupView> all) {
    Map<String, OfTopic> sums = new HashMap<>();
    all.forEach(
        (name, view) -> {
          GroupOffsets offsets = of(name);
          for (String topic : topics(view, offsets)) {
            sums.merge(
                topic, OfTopic.NONE.plus(offsets.lagOf(topic)), (sum, one) -> sum.plus(one.lag()));
          }
        });
    byTopic = sums;
  }

  /** Topics that a group reads or has committed offsets in. */
  static Set<String> topics(GroupView view, GroupOffsets offsets) {
    Set<String> topics = new TreeSet<>();
    offsets.partitions().forEach(place -> topics.add(place.topic()));
    view.members().forEach(member -> member.assigned().forEach(p -> topics.add(p.topic())));
    return topics;
  }

  /** A step of history ends: every {@link History#STEP_MS}. */
  void step() {
    historyEndMs = views.clock().wallMs();
    int kept = 0;
    for (Known group : known.values()) {
      if (group.lag == null && kept < HISTORIES_MAX) {
        group.lag = new History();
        group.lagMs = new History();
      }
      if (group.lag != null && group.lagMs != null) {
        kept++;
        group.lag.add(orGap(group.offsets.lag()));
        group.lagMs.add(orGap(group.offsets.lagMs()));
      }
    }
  }

  private static double orGap(@Nullable Long value) {
    return value == null ? Double.NaN : value;
  }

  /** How far a group was behind in the last five minutes. */
  JsonObject history(String group) {
    Known found = known.get(group);
    History lag = found == null ? null : found.lag;
    History lagMs = found == null ? null : found.lagMs;
    return new JsonObject()
        .put("stepMs", History.STEP_MS)
        .put("endMs", historyEndMs)
        .put("lag", lag == null ? History.none() : lag.json())
        .put("lagMs", lagMs == null ? History.none() : lagMs.json());
  }
}
