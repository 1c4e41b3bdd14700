package io.millrace.model;

/**
 * A partition of a topic, named by the topic's name.
 *
 * @param topic name of the topic
 * @param partition number of the partition, from 0
 */
public record TopicPartition(String topic, int partition) {

  /** The name of the partition's folder below a log folder: {@code <topic>-<partition>}. */
  public String folderName() {
    return topic + "-" + partition;
  }

  /**
   * Reads a folder's name back.
   *
   * @throws IllegalArgumentException when the name has not the form {@code <topic>-<partition>}
   */
  public static TopicPartition ofFolderName(String name) {
    int dash = name.lastIndexOf('-');
    if (dash <= 0) {
      throw new IllegalArgumentException("not a partition folder: " + name);
    }
    try {
      return new TopicPartition(
          name.substring(0, dash), Integer.parseInt(name, dash + 1, name.length(), 10));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a partition folder: " + name, e);
    }
  }

  // A record's own methods are slow until they are compiled, and this one is a key everywhere.

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicPartition that
        && partition == that.partition
        && topic.equals(that.topic);
  }

  @Override
  public int hashCode() {
    return 31 * topic.hashCode() + partition;
  }

  @Override
  public String toString() {
    return folderName();
  }
}
