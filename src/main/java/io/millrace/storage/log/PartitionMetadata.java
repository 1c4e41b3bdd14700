package io.millrace.storage.log;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;

/**
 * The format of {@code partition.metadata} in a partition's folder, which names the topic's id
 * (KIP-516). Immutable.
 *
 * @param topicId id of the topic
 */
public record PartitionMetadata(Uuid topicId) {

  /** The file's content. */
  public byte[] encode() {
    return ("version: 0\ntopic_id: " + topicId).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file's content.
   *
   * @throws IllegalArgumentException when it has not the format, as after a crash in mid-write
   */
  public static PartitionMetadata decode(byte[] content) {
    Uuid topicId = null;
    boolean versionSeen = false;
    for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
      String[] field = line.split(":", 2);
      if (field.length == 2 && field[0].trim().equals("version")) {
        versionSeen = field[1].trim().equals("0");
      } else if (field.length == 2 && field[0].trim().equals("topic_id")) {
        topicId = Uuid.fromString(field[1].trim());
      }
    }
    if (!versionSeen || topicId == null) {
      throw new IllegalArgumentException("not a partition.metadata file of version 0");
    }
    return new PartitionMetadata(topicId);
  }
}
