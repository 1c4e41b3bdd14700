package io.millrace.storage.log;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.jspecify.annotations.Nullable;

/**
 * A region of one segment's file that holds whole batches. It holds its segment: the bytes stay as
 * they are until the last {@link #release}. May hold 0 bytes, and must be released then too.
 * Thread-safe.
 */
public final class LogSlice implements BaseRecords {
  private final Segment segment;
  private final @Nullable LogFile file;
  private final long position;
  private final int sizeBytes;
  private final boolean cold;
  private final boolean whole;
  private final AtomicInteger references = new AtomicInteger(1);

  /**
   * Takes over a reference to the segment that the caller took.
   *
   * @param file null for a slice of 0 bytes: a log without records need not have a file
   */
  LogSlice(
      Segment segment,
      @Nullable LogFile file,
      long position,
      int sizeBytes,
      boolean cold,
      boolean whole) {
    this.segment = segment;
    this.file = file;
    this.position = position;
    this.sizeBytes = sizeBytes;
    this.cold = cold;
    this.whole = whole;
  }

  /** The segment's file; use it only until {@link #release}. There is none for 0 bytes. */
  public LogFile file() {
    if (file == null) {
      throw new IllegalStateException("a slice without bytes has no file");
    }
    return file;
  }

  /** Position of the first byte in {@link #file}. */
  public long position() {
    return position;
  }

  @Override
  public int sizeInBytes() {
    return sizeBytes;
  }

  /** Whether nothing of its segment was left out for want of room. */
  public boolean isWhole() {
    return whole;
  }

  /** Whether the bytes are likely not in the page cache, so that a loop must not touch them. */
  public boolean isCold() {
    return cold;
  }

  /** Brings the bytes into the page cache; waits for the disk when they are cold. */
  public void touch() throws IOException {
    file().touch(position, sizeBytes);
  }

  /** Takes one more reference; one more {@link #release} is due. */
  public void retain() {
    if (references.getAndIncrement() <= 0) {
      throw new IllegalStateException("the slice was released");
    }
  }

  /** Gives one reference back. Exactly once for the read and for each {@link #retain}. */
  public void release() {
    int left = references.decrementAndGet();
    if (left == 0) {
      segment.release();
    } else if (left < 0) {
      throw new IllegalStateException("the slice was released too often");
    }
  }

  /**
   * Copies the bytes into a new heap buffer; blocks on the disk when they are cold.
   *
   * @throws UncheckedIOException when the disk fails
   */
  public ByteBuffer read() {
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
    copyTo(bytes);
    return bytes.flip();
  }

  /**
   * Copies the bytes to the position of {@code target}; blocks on the disk when they are cold.
   *
   * @param target has room for exactly this slice
   * @throws UncheckedIOException when the disk fails
   */
  public void copyTo(ByteBuffer target) {
    try {
      if (sizeBytes > 0 && file().read(target, position) < sizeBytes) {
        throw new EOFException("the file ends inside a slice at position " + position);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not used: our own writer sends the region. */
  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new UnsupportedOperationException("a log slice is sent as a file region");
  }
}
