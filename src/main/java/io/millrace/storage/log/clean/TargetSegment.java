package io.millrace.storage.log.clean;

import io.millrace.storage.log.AbortedTxn;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A segment that a compaction writes, as {@code .cleaned} files. Confined to: the compacting
 * worker.
 */
public interface TargetSegment {

  /** Makes the target that is to take the place of segments from {@code baseOffset} on. */
  @FunctionalInterface
  interface Factory {
    TargetSegment create(long baseOffset) throws IOException;
  }

  /** Writes whole batches, in the order of their offsets. The buffer is free after the call. */
  void append(ByteBuffer batches) throws IOException;

  /** Keeps an aborted transaction whose records are not all gone. */
  void append(AbortedTxn aborted) throws IOException;

  /** Bytes of batches written. */
  long sizeBytes();

  /** Writes the indexes, forces all files and closes them. */
  void finish() throws IOException;

  /** Closes and deletes the files of a compaction that did not come to its end. */
  void abandon() throws IOException;
}
