package io.millrace.cluster.controller;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** What configuration says of new topics. */
interface TopicRules {

  /** Partitions of a topic whose creator leaves the number open. */
  int partitions();

  /** Replicas of a partition whose creator leaves the number open. */
  int replicationFactor();

  /**
   * Checks configs of a topic.
   *
   * @throws RefusedException naming the key that is unknown or whose value is not valid
   */
  void check(Map<String, String> configs);

  /** The configs in force for a topic with these of its own, for the answer. */
  List<CreatableTopicConfigs> describe(Map<String, String> configs);
}
