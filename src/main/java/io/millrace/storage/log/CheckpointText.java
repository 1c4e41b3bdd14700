package io.millrace.storage.log;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The frame of Kafka's checkpoint files: version 0, number of lines, lines. */
final class CheckpointText {
  private static final String VERSION = "0";

  private CheckpointText() {}

  /**
   * The lines of a checkpoint file.
   *
   * @throws IllegalArgumentException when version or number of lines are not right
   */
  static List<String> lines(byte[] content) {
    List<String> all = new String(content, StandardCharsets.UTF_8).lines().toList();
    if (all.size() < 2 || !all.get(0).trim().equals(VERSION)) {
      throw new IllegalArgumentException("not a checkpoint file of version 0");
    }
    List<String> lines = all.subList(2, all.size());
    if (lines.size() != Integer.parseInt(all.get(1).trim())) {
      throw new IllegalArgumentException(
          "the checkpoint file has " + lines.size() + " entries and says " + all.get(1));
    }
    return lines;
  }
}
