package io.millrace.rest.metrics;

import io.millrace.coordinator.group.GroupView;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.partition.HostedFolder;
import io.millrace.partition.Partition;
import io.millrace.partition.PartitionFacts;
import io.millrace.rest.view.GroupOffsets;
import io.millrace.rest.view.Sources;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Topics, groups and disks: under kafka_exporter's names and labels, and what it has no name for
 * under ours. Confined to: the loop of views.
 */
final class KafkaNames implements MultiCollector {
  private static final String[] OF_TOPIC = {"topic"};
  private static final String[] OF_PARTITION = {"partition", "topic"};
  private static final String[] OF_GROUP = {"consumergroup"};
  private static final String[] OF_GROUP_TOPIC = {"consumergroup", "topic"};
  private static final String[] OF_GROUP_PARTITION = {"consumergroup", "partition", "topic"};
  private static final String[] OF_DISK = {"path"};

  private final Sources sources;
  private Map<String, GroupOffsets> groups = Map.of();

  KafkaNames(Sources sources) {
    this.sources = sources;
  }

  /** What the next scrape says of groups. */
  void show(Map<String, GroupOffsets> offsets) {
    groups = offsets;
  }

  @Override
  public MetricSnapshots collect() {
    List<Family> families = new ArrayList<>();
    cluster(families);
    topics(families);
    groups(families);
    disks(families);
    return new MetricSnapshots(families.stream().<MetricSnapshot>map(Family::snapshot).toList());
  }

  private static Family family(List<Family> families, String name, String help, String... labels) {
    Family family = new Family(name, help, labels);
    families.add(family);
    return family;
  }

  private void cluster(List<Family> families) {
    ClusterImage image = sources.cluster().image();
    family(families, "kafka_brokers", "Number of brokers in the cluster.")
        .add(image.brokers().size());
    long started = sources.self().startedMonotonicMs();
    family(families, "millrace_uptime_seconds", "Time since the broker's start.")
        .add((sources.views().clock().monotonicMs() - started) / 1000.0);
  }

  private void topics(List<Family> families) {
    Family partitions =
        family(families, "kafka_topic_partitions", "Number of partitions of a topic.", OF_TOPIC);
    Family current =
        family(
            families,
            "kafka_topic_partition_current_offset",
            "High watermark of a partition.",
            OF_PARTITION);
    Family oldest =
        family(
            families,
            "kafka_topic_partition_oldest_offset",
            "Log start offset of a partition.",
            OF_PARTITION);
    Family leader =
        family(
            families,
            "kafka_topic_partition_leader",
            "Id of the broker that leads a partition.",
            OF_PARTITION);
    Family replicas =
        family(
            families,
            "kafka_topic_partition_replicas",
            "Number of replicas of a partition.",
            OF_PARTITION);
    Family isr =
        family(
            families,
            "kafka_topic_partition_in_sync_replica",
            "Number of replicas of a partition that are in sync.",
            OF_PARTITION);
    Family under =
        family(
            families,
            "kafka_topic_partition_under_replicated_partition",
            "1 when a partition has fewer replicas in sync than replicas.",
            OF_PARTITION);
    Family preferred =
        family(
            families,
            "kafka_topic_partition_leader_is_preferred",
            "1 when the first of its replicas leads a partition.",
            OF_PARTITION);
    Family size =
        family(families, "millrace_topic_size_bytes", "Bytes of a topic's logs here.", OF_TOPIC);
    Family accepted =
        family(
            families,
            "millrace_topic_appended_bytes",
            "Bytes that were appended to a topic since the start.",
            OF_TOPIC);
    for (TopicImage topic : sources.cluster().image().topics().values()) {
      partitions.add(topic.partitions().size(), topic.name());
      long bytes = 0;
      long appended = 0;
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage decided = topic.partitions().get(number);
        String[] labels = {Integer.toString(number), topic.name()};
        Partition partition = sources.partitions().get(topic.id(), number);
        PartitionFacts facts = partition == null ? null : partition.facts();
        if (facts != null) {
          current.add(facts.highWatermark(), labels);
          oldest.add(facts.logStartOffset(), labels);
          bytes += facts.sizeBytes();
          appended += facts.acceptedBytes();
        }
        List<Integer> ids = decided.replicas();
        leader.add(decided.leader(), labels);
        replicas.add(ids.size(), labels);
        isr.add(decided.isr().size(), labels);
        under.add(decided.isr().size() < ids.size() ? 1 : 0, labels);
        preferred.add(!ids.isEmpty() && ids.get(0) == decided.leader() ? 1 : 0, labels);
      }
      size.add(bytes, topic.name());
      accepted.add(appended, topic.name());
    }
  }

  private void groups(List<Family> families) {
    Family members =
        family(families, "kafka_consumergroup_members", "Number of members of a group.", OF_GROUP);
    Family age =
        family(
            families,
            "millrace_consumergroup_lag_seconds",
            "Age of the oldest record that a group has not read.",
            OF_GROUP);
    Family current =
        family(
            families,
            "kafka_consumergroup_current_offset",
            "Committed offset of a group in a partition.",
            OF_GROUP_PARTITION);
    Family lag =
        family(
            families,
            "kafka_consumergroup_lag",
            "Records that a group is behind in a partition.",
            OF_GROUP_PARTITION);
    Family currentSum =
        family(
            families,
            "kafka_consumergroup_current_offset_sum",
            "Committed offsets of a group, summed over the partitions of a topic.",
            OF_GROUP_TOPIC);
    Family lagSum =
        family(
            families,
            "kafka_consumergroup_lag_sum",
            "Records that a group is behind, summed over the partitions of a topic.",
            OF_GROUP_TOPIC);
    for (GroupView view : sources.groupViews().all().values()) {
      members.add(view.members().size(), view.groupId());
    }
    groups.forEach(
        (group, offsets) -> {
          if (offsets.lagMs() != null) {
            age.add(offsets.lagMs() / 1000.0, group);
          }
          Map<String, Long> committed = new TreeMap<>();
          Map<String, Long> behind = new TreeMap<>();
          for (GroupOffsets.Place place : offsets.partitions()) {
            String[] labels = {group, Integer.toString(place.partition()), place.topic()};
            current.add(place.committed(), labels);
            committed.merge(place.topic(), place.committed(), Long::sum);
            if (place.lag() != null) {
              lag.add(place.lag(), labels);
              behind.merge(place.topic(), place.lag(), Long::sum);
            }
          }
          committed.forEach((topic, sum) -> currentSum.add(sum, group, topic));
          behind.forEach((topic, sum) -> lagSum.add(sum, group, topic));
        });
  }

  private void disks(List<Family> families) {
    Family total =
        family(families, "millrace_disk_total_bytes", "Size of a log folder's disk.", OF_DISK);
    Family free =
        family(families, "millrace_disk_free_bytes", "What a log folder's disk can take.", OF_DISK);
    Family online =
        family(families, "millrace_disk_online", "0 once a log folder failed.", OF_DISK);
    for (HostedFolder folder : sources.partitions().folders()) {
      String path = folder.path().toString();
      online.add(folder.isOnline() ? 1 : 0, path);
      if (folder.totalBytes() >= 0) {
        total.add(folder.totalBytes(), path);
      }
      if (folder.usableBytes() >= 0) {
        free.add(folder.usableBytes(), path);
      }
    }
  }
}
