package io.millrace.app;

import io.millrace.cluster.ImportedTopic;
import io.millrace.storage.ImportedLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics of the logs of a folder that Apache Kafka wrote.
 *
 * <p>What the topics' configs were stands in Kafka's own metadata, in a form that only Kafka reads.
 * Nothing of an imported topic is deleted by age or size until somebody sets its configs; that it
 * was compacted is known from the cleaner's checkpoint. Stateless.
 */
final class FolderImport {
  private static final Logger LOG = LoggerFactory.getLogger(FolderImport.class);

  private FolderImport() {}

  /**
   * The topics, by name.
   *
   * @throws StartException when partitions of one topic have different topic ids
   */
  static List<ImportedTopic> topics(List<ImportedLog> logs) {
    Map<String, List<ImportedLog>> byName =
        logs.stream()
            .collect(
                Collectors.groupingBy(log -> log.id().topic(), TreeMap::new, Collectors.toList()));
    return byName.entrySet().stream().map(e -> topic(e.getKey(), e.getValue())).toList();
  }

  private static ImportedTopic topic(String name, List<ImportedLog> logs) {
    int partitions = 1 + logs.stream().mapToInt(log -> log.id().partition()).max().orElseThrow();
    List<Integer> leaderEpochs = new ArrayList<>(Collections.nCopies(partitions, -1));
    logs.forEach(log -> leaderEpochs.set(log.id().partition(), log.leaderEpoch()));
    boolean compacted = Topic.isInternal(name) || logs.stream().anyMatch(ImportedLog::compacted);
    Map<String, String> configs =
        compacted
            ? Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
            : Map.of();
    LOG.info(
        "taking over topic {}: {} partitions{}",
        name,
        partitions,
        compacted ? ", compacted" : "; its records are kept until its retention is set");
    return new ImportedTopic(name, topicId(name, logs), leaderEpochs, configs);
  }

  private static Uuid topicId(String name, List<ImportedLog> logs) {
    List<Uuid> ids =
        logs.stream()
            .map(log -> log.id().topicId())
            .filter(id -> !id.equals(Uuid.ZERO_UUID))
            .distinct()
            .toList();
    if (ids.size() > 1) {
      throw new StartException(
          "The folders of topic "
              + name
              + " are of "
              + ids.size()
              + " different topics of that name: move those of the older one out of log.dirs.");
    }
    return ids.isEmpty() ? Uuid.ZERO_UUID : ids.get(0);
  }
}
