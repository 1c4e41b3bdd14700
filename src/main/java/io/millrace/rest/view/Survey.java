package io.millrace.rest.view;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import java.util.List;

/**
 * All topics at one moment, from one pass over the partitions. Immutable.
 *
 * @param image the image that it was made from
 * @param atNs monotonic time in ns
 * @param topics one row for each topic, in order of the names
 * @param counts sums over all topics
 */
record Survey(ClusterImage image, long atNs, List<TopicRow> topics, Counts counts) {

  /**
   * Sums over all topics.
   *
   * @param partitions partitions of the cluster
   * @param held partitions that have a replica on this broker
   * @param leaders partitions that this broker leads
   */
  record Counts(
      int topics,
      int internalTopics,
      int partitions,
      int held,
      int leaders,
      int underReplicated,
      int offline) {}

  /** The row of a topic; null when it came into being after the survey. */
  @org.jspecify.annotations.Nullable
  TopicRow row(TopicImage topic) {
    int low = 0;
    int high = topics.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = topics.get(middle).name().compareTo(topic.name());
      if (order == 0) {
        return topics.get(middle);
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return null;
  }
}
