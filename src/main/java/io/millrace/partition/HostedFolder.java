package io.millrace.partition;

import io.millrace.model.TopicPartition;
import java.nio.file.Path;
import java.util.List;

/**
 * One of the log folders and the logs in it. Immutable.
 *
 * @param path the folder, absolute
 * @param isOnline false once it failed
 * @param totalBytes size of its file system in bytes; -1 when unknown
 * @param usableBytes bytes that its file system can still take; -1 when unknown
 * @param logs logs of partitions in it
 */
public record HostedFolder(
    Path path, boolean isOnline, long totalBytes, long usableBytes, List<HostedLog> logs) {

  /**
   * A log in a folder.
   *
   * @param partition whose log it is
   * @param sizeBytes bytes of batches in all segments
   * @param offsetLag offsets between the high watermark and the end of the log; of a future log
   *     between its end and that of the log that it follows
   * @param isFuture whether it follows the log in another folder, to take its place (KIP-113)
   */
  public record HostedLog(
      TopicPartition partition, long sizeBytes, long offsetLag, boolean isFuture) {}
}
