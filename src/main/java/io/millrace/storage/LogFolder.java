package io.millrace.storage;

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
}
