package io.millrace.rest.view;

import io.millrace.config.LogConfig;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.partition.Partition;
import io.millrace.partition.PartitionFacts;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Looks over all topics, and remembers how fast they grow. A survey is shared by all who look
 * within a few hundred ms. Confined to: the loop of views.
 */
final class Surveyor {
  private static final long FRESH_NS = 300_000_000L;
  private static final int HISTORIES_MAX = 2_000;

  private final Sources sources;
  private final GroupLags lags;
  private Map<Uuid, TopicTraffic> traffic = new HashMap<>();
  private @Nullable Survey newest;
  private long recordsIn;
  private long historyEndMs;

  Surveyor(Sources sources, GroupLags lags) {
    this.sources = sources;
    this.lags = lags;
  }

  /** All topics now. */
  Survey now() {
    sources.views().assertOwner();
    ClusterImage image = sources.cluster().image();
    long nowNs = sources.views().clock().monotonicNs();
    Survey known = newest;
    boolean fresh = known != null && known.image() == image && nowNs - known.atNs() < FRESH_NS;
    if (fresh) {
      return known;
    }
    Survey made = make(image, nowNs);
    newest = made;
    return made;
  }

  /** Records that were appended in all topics since the start. */
  long recordsIn() {
    return recordsIn;
  }

  /** A step of history ends: every {@link History#STEP_MS}. */
  void step() {
    Survey survey = make(sources.cluster().image(), sources.views().clock().monotonicNs());
    newest = survey;
    historyEndMs = sources.views().clock().wallMs();
    int kept = 0;
    for (TopicTraffic topic : traffic.values()) {
      if (topic.step(survey.atNs(), kept < HISTORIES_MAX)) {
        kept++;
      }
    }
  }

  /** What went into a topic in the last five minutes. */
  JsonObject history(TopicImage topic) {
    TopicTraffic known = traffic.get(topic.id());
    return (known == null ? new TopicTraffic(0, 0, 0) : known).history(historyEndMs);
  }

  private Survey make(ClusterImage image, long nowNs) {
    boolean first = newest == null;
    Map<Uuid, TopicTraffic> before = traffic;
    Map<Uuid, TopicTraffic> next = new HashMap<>(image.topics().size() * 2);
    List<TopicRow> rows = new ArrayList<>(image.topics().size());
    Sums sums = new Sums();
    for (TopicImage topic : image.topics().values()) {
      sums.begin();
      topic.partitions().forEach(decided -> sums.add(topic, decided));
      TopicTraffic known = before.get(topic.id());
      if (known == null) {
        // What lies in a log at the start did not just arrive; in a new topic all of it did.
        known = new TopicTraffic(first ? sums.bytes : 0, first ? sums.ends : 0, nowNs);
      }
      recordsIn += known.now(sums.bytes, sums.ends);
      next.put(topic.id(), known);
      rows.add(sums.row(topic, known, nowNs));
    }
    traffic = next;
    return new Survey(image, nowNs, rows, sums.counts(image));
  }

  /** Adds up partitions, of one topic and of all. */
  private final class Sums {
    private int number;
    private long sizeBytes;
    private long records;
    private long bytes;
    private long ends;
    private int under;
    private int offline;
    private int internalTopics;
    private int allPartitions;
    private int held;
    private int leaders;
    private int allUnder;
    private int allOffline;
    private @Nullable Partition any;

    void begin() {
      number = 0;
      sizeBytes = 0;
      records = 0;
      bytes = 0;
      ends = 0;
      under = 0;
      offline = 0;
      any = null;
    }

    void add(TopicImage topic, PartitionImage decided) {
      Partition partition = sources.partitions().get(topic.name(), number++);
      PartitionFacts facts = partition == null ? null : partition.facts();
      if (partition != null) {
        any = partition;
        held++;
      }
      if (facts != null) {
        sizeBytes += facts.sizeBytes();
        records += facts.highWatermark() - facts.logStartOffset();
        bytes += facts.acceptedBytes();
        ends += facts.logEndOffset();
      }
      leaders += decided.leader() == sources.cluster().brokerId() ? 1 : 0;
      under += decided.isr().size() < decided.replicas().size() ? 1 : 0;
      offline += isOffline(decided, partition) ? 1 : 0;
    }

    private boolean isOffline(PartitionImage decided, @Nullable Partition partition) {
      return decided.leader() == PartitionImage.NO_LEADER
          || (partition != null && partition.problem() == Errors.KAFKA_STORAGE_ERROR);
    }

    TopicRow row(TopicImage topic, TopicTraffic traffic, long nowNs) {
      boolean internal = Topic.isInternal(topic.name());
      internalTopics += internal ? 1 : 0;
      allPartitions += number;
      allUnder += under;
      allOffline += offline;
      // Where no replica is here, the cluster's image has the settings; they are in every replica.
      LogConfig config =
          any != null ? any.config() : sources.cluster().effectiveLogConfig(topic.name());
      GroupLags.OfTopic ofGroups = lags.ofTopic(topic.name());
      return new TopicRow(
          topic.name(),
          topic.id(),
          internal,
          number,
          topic.partitions().isEmpty() ? 0 : topic.partitions().get(0).replicas().size(),
          sizeBytes,
          records,
          under,
          offline,
          rounded(traffic.bytesIn(nowNs)),
          rounded(traffic.recordsIn(nowNs)),
          ofGroups.groups(),
          ofGroups.lag(),
          config.retentionMs(),
          config.retentionBytes(),
          config.cleanup().text());
    }

    /** What looks the same is the same, so that it is not told again. */
    private static double rounded(double rate) {
      return History.rounded(rate).doubleValue();
    }

    Survey.Counts counts(ClusterImage image) {
      return new Survey.Counts(
          image.topics().size() - internalTopics,
          internalTopics,
          allPartitions,
          held,
          leaders,
          allUnder,
          allOffline);
    }
  }
}
