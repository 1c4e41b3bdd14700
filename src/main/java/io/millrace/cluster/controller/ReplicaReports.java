package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What brokers hold of partitions that nobody can be trusted to lead, because all who held them
 * came back from an unclean start, or with an empty disk. When all of them are back and have
 * reported, the one that holds most leads; the other replicas are waited for a little, since one
 * that left the ISR earlier may hold what those lost. Reports are not in the metadata log: brokers
 * give them to each new controller.
 *
 * <p>Confined to: the control loop.
 */
public final class ReplicaReports {
  /** How long replicas that are not of the last ISR are waited for, in ms. */
  static final long OTHERS_MS = 10_000;

  private final EffectiveConfigs configs;
  private final Map<Key, Given> reports = new HashMap<>();

  private record Key(Uuid topicId, int partition) {}

  /** What was reported of a partition, and since when all of the last ISR have. */
  private static final class Given {
    private final Map<Integer, Report> by = new HashMap<>();
    private @Nullable Long completeSinceMs;
  }

  /**
   * What a broker holds of a partition.
   *
   * @param brokerEpoch epoch of the broker's registration
   * @param lastEpoch leader epoch of its last whole batch, -1 for none
   * @param logEnd offset behind its last whole batch
   */
  public record Report(long brokerEpoch, int lastEpoch, long logEnd) {}

  /** No reports yet. */
  public ReplicaReports(EffectiveConfigs configs) {
    this.configs = configs;
  }

  /** Whether a report of that broker counts for this partition. */
  public static boolean isWanted(PartitionImage partition, int broker) {
    return !partition.hasLeader()
        && partition.isr().isEmpty()
        && !partition.lastIsr().isEmpty()
        && partition.replicas().size() > 1
        && partition.replicas().contains(broker);
  }

  /** Forgets all reports. */
  public void clear() {
    reports.clear();
  }

  /** Takes a report; those of partitions that wait for none are dropped. */
  public void add(ClusterImage image, Uuid topicId, int number, int broker, Report report) {
    TopicImage topic = image.topic(topicId);
    PartitionImage partition = topic == null ? null : topic.partition(number);
    if (partition != null && isWanted(partition, broker)) {
      reports.computeIfAbsent(new Key(topicId, number), key -> new Given()).by.put(broker, report);
    }
  }

  /**
   * Elections for partitions of which all reports are there.
   *
   * @param nowMs monotonic clock
   */
  public List<Fact> elect(ClusterImage image, long nowMs) {
    List<Fact> facts = new ArrayList<>();
    IsrRules.ByTopic rules = new IsrRules.ByTopic(configs, image);
    reports
        .entrySet()
        .removeIf(
            entry -> {
              TopicImage topic = image.topic(entry.getKey().topicId());
              int number = entry.getKey().partition();
              PartitionImage partition = topic == null ? null : topic.partition(number);
              if (topic == null || partition == null || partition.hasLeader()) {
                return true;
              }
              fullest(image, partition, entry.getValue(), nowMs)
                  .flatMap(
                      id ->
                          new PartitionEdit(image, topic, number, rules.of(topic.name()))
                              .fullest(id)
                              .build())
                  .ifPresent(facts::add);
              return false;
            });
    return facts;
  }

  private static Optional<Integer> fullest(
      ClusterImage image, PartitionImage partition, Given given, long nowMs) {
    if (!partition.isr().isEmpty() || !haveAll(image, partition.lastIsr(), given.by)) {
      given.completeSinceMs = null;
      return Optional.empty();
    }
    long sinceMs = given.completeSinceMs == null ? nowMs : given.completeSinceMs;
    given.completeSinceMs = sinceMs;
    List<Integer> expected =
        partition.replicas().stream().filter(id -> image.broker(id) != null).toList();
    if (nowMs - sinceMs < OTHERS_MS && !haveAll(image, expected, given.by)) {
      return Optional.empty();
    }
    return partition.replicas().stream()
        .filter(id -> isCurrent(image, id, given.by.get(id)))
        .max(
            Comparator.<Integer>comparingInt(id -> given.by.get(id).lastEpoch())
                .thenComparingLong(id -> given.by.get(id).logEnd()));
  }

  private static boolean haveAll(
      ClusterImage image, List<Integer> brokers, Map<Integer, Report> given) {
    return brokers.stream().allMatch(id -> isCurrent(image, id, given.get(id)));
  }

  private static boolean isCurrent(ClusterImage image, int id, @Nullable Report report) {
    BrokerImage broker = image.broker(id);
    return report != null
        && broker != null
        && image.mayLead(id)
        && broker.epoch() == report.brokerEpoch();
  }
}
