package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Opens a log from its folder: creates an empty one, trusts a clean one, recovers a crashed one.
 * The log that comes out belongs to nobody yet; hand it to its owner. Thread-safe: loads of
 * different folders run side by side.
 */
public final class LogLoader {
  private LogLoader() {}

  /**
   * What a load did.
   *
   * @param log the log
   * @param scannedBytes bytes of batches that were read
   * @param cutBytes bytes that were cut off behind the last whole valid batch
   */
  public record Loaded(Log log, long scannedBytes, long cutBytes) {}

  /**
   * Loads the log in {@code dir}; creates folder and files when there are none.
   *
   * @throws CorruptLogException bytes that should be durable are not valid; says file and position
   * @throws IOException the disk failed
   */
  public static Loaded load(
      LogFiles files, Path dir, TopicIdPartition id, LogConfig config, LoadOptions options)
      throws IOException {
    throw new UnsupportedOperationException();
  }
}
