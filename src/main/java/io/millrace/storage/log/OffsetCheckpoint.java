package io.millrace.storage.log;

import io.millrace.model.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The format of the checkpoint files in a log folder's root, one offset per partition: {@code
 * recovery-point-offset-checkpoint}, {@code log-start-offset-checkpoint}, {@code
 * replication-offset-checkpoint}, {@code cleaner-offset-checkpoint}. Immutable.
 */
public final class OffsetCheckpoint {
  /** Offsets from which a recovery scans. */
  public static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";

  /** Log start offsets that lie inside a segment. */
  public static final String LOG_STARTS = "log-start-offset-checkpoint";

  /** High watermarks. */
  public static final String HIGH_WATERMARKS = "replication-offset-checkpoint";

  /** Offsets up to which compaction came. */
  public static final String CLEANED = "cleaner-offset-checkpoint";

  private OffsetCheckpoint() {}

  /** The file's content. */
  public static byte[] encode(Map<TopicPartition, Long> offsets) {
    StringBuilder text = new StringBuilder("0\n").append(offsets.size()).append('\n');
    offsets.forEach(
        (partition, offset) ->
            text.append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(offset)
                .append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file's content.
   *
   * @throws IllegalArgumentException when it has not the format
   */
  public static Map<TopicPartition, Long> decode(byte[] content) {
    Map<TopicPartition, Long> offsets =
        new TreeMap<>(
            java.util.Comparator.comparing(TopicPartition::topic)
                .thenComparingInt(TopicPartition::partition));
    for (String line : CheckpointText.lines(content)) {
      String[] fields = line.split(" ");
      if (fields.length != 3) {
        throw new IllegalArgumentException("not a topic, a partition and an offset: " + line);
      }
      offsets.put(
          new TopicPartition(fields[0], Integer.parseInt(fields[1])), Long.parseLong(fields[2]));
    }
    return offsets;
  }
}
