package io.millrace.storage.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An open file that is read and written at positions. Thread-safe; two writes of one region at the
 * same time must not happen.
 */
public interface LogFile extends AutoCloseable {
  /** Bytes that {@link #touch} reads at once where it has to read. */
  int TOUCHED_AT_ONCE = 128 << 10;

  /** Size in bytes as it is now. */
  long size() throws IOException;

  /**
   * Reads from {@code position} until {@code dst} is full or the file ends; moves {@code dst}'s
   * position.
   *
   * @return bytes read; 0 at or behind the end of the file
   */
  int read(ByteBuffer dst, long position) throws IOException;

  /**
   * Writes all remaining bytes of all buffers, one behind the other, from {@code position} on; the
   * buffers' positions move to their limits. One system call when the kernel takes all at once.
   */
  void write(ByteBuffer[] srcs, long position) throws IOException;

  /**
   * Brings a region into the page cache; blocks on the disk while it is not there.
   *
   * @throws EOFException when the file ends before the region does
   */
  default void touch(long position, int sizeBytes) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(Math.max(1, Math.min(TOUCHED_AT_ONCE, sizeBytes)));
    long end = position + sizeBytes;
    for (long at = position; at < end; ) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
      int n = read(chunk, at);
      if (n <= 0) {
        throw new EOFException("the file ends at " + at + ", before the region does");
      }
      at += n;
    }
  }

  /** Waits until every byte that was written before is on the disk (fdatasync). */
  void force() throws IOException;

  /** Shortens the file to {@code size} bytes; no effect when it is not longer. */
  void truncate(long size) throws IOException;

  /** The channel for sending regions without a copy; null on a simulated disk. */
  @Nullable FileChannel channel();

  @Override
  void close() throws IOException;
}
