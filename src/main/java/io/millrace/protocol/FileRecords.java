package io.millrace.protocol;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/**
 * Records that lie in a file, as the encoder needs them: a region that the kernel can send, or
 * bytes to copy. Who encodes it owns it and releases it exactly once.
 */
public interface FileRecords {

  /** Sees records that lie in a file as such; gives null for all others. */
  @FunctionalInterface
  interface Source {
    /** A source for brokers without files: all records are in memory. */
    Source NONE = records -> null;

    @Nullable FileRecords of(BaseRecords records);
  }

  /** The file; null when it is not a real one, so that the bytes must be copied. */
  @Nullable FileChannel channel();

  /** Position of the first byte in the file. */
  long position();

  /** Number of bytes. */
  int sizeInBytes();

  /**
   * Copies all bytes to the position of {@code target}, which moves behind them.
   *
   * @throws java.io.UncheckedIOException when the disk fails or the file is shorter
   */
  void copyTo(ByteBuffer target);

  /** Gives the region back. */
  void release();
}
