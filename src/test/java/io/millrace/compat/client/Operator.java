package io.millrace.compat.client;

import io.millrace.model.TopicPartition;
import java.util.Map;
import java.util.Set;

/** An admin client; each call waits for its answer and fails as the client failed. Thread-safe. */
public interface Operator extends AutoCloseable {

  /** Makes a topic with one replica. */
  void createTopic(String topic, int partitions, Map<String, String> settings);

  /** Removes a topic. */
  void deleteTopic(String topic);

  /** Raises the number of partitions to {@code total}. */
  void growTopic(String topic, int total);

  /** Names of the topics, without internal ones. */
  Set<String> topics();

  /** Number of partitions of a topic. */
  int partitions(String topic);

  /** Settings of a topic that were set on it. */
  Map<String, String> topicSettings(String topic);

  /** Sets one setting of a topic, and leaves the others. */
  void alterTopic(String topic, String key, String value);

  /** Removes the records below {@code offset}; returns the new first offset. */
  long deleteRecords(TopicPartition partition, long offset);

  /** Ids of the groups. */
  Set<String> groups();

  /** Client ids of a group's members with what each holds. */
  Map<String, Set<TopicPartition>> members(String group);

  /** Committed offsets of a group. */
  Map<TopicPartition, Long> offsets(String group);

  /** Removes a group without members. */
  void deleteGroup(String group);

  /** Number of brokers, and the controller's id as {@code count:id}. */
  String cluster();

  @Override
  void close();
}
