package io.millrace.storage;

import io.millrace.model.TopicPartition;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;

/** One of {@code log.dirs}, as others see it. Thread-safe. */
public interface LogFolder {

  /** The folder, absolute. */
  Path path();

  /** {@code directory.id} of its {@code meta.properties} (KIP-858). */
  Uuid directoryId();

  /** False once a read, write or force in it failed; stays so until the process starts again. */
  boolean isOnline();

  /** Size of its file system in bytes; −1 when unknown. */
  long totalBytes();

  /** Bytes that its file system can still take; −1 when unknown. */
  long usableBytes();

  /**
   * A read in it failed. It goes offline, unless the reason is no fault of its disk: a log that was
   * closed, a file that is damaged or gone, or too many files that are open.
   */
  void readFailed(TopicPartition partition, Throwable fault);
}
