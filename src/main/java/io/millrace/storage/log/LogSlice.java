package io.millrace.storage.log;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * A region of one segment's file that holds whole batches. It holds its segment: the bytes stay as
 * they are until the last {@link #release}. May hold 0 bytes, and must be released then too.
 * Thread-safe.
 */
public final class LogSlice implements BaseRecords {

  LogSlice() {}

  /** The segment's file; use it only until {@link #release}. */
  public LogFile file() {
    throw new UnsupportedOperationException();
  }

  /** Position of the first byte in {@link #file}. */
  public long position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int sizeInBytes() {
    throw new UnsupportedOperationException();
  }

  /** Whether the bytes are likely not in the page cache, so that a loop must not touch them. */
  public boolean isCold() {
    throw new UnsupportedOperationException();
  }

  /** Takes one more reference; one more {@link #release} is due. */
  public void retain() {
    throw new UnsupportedOperationException();
  }

  /** Gives one reference back. Exactly once for the read and for each {@link #retain}. */
  public void release() {
    throw new UnsupportedOperationException();
  }

  /** Copies the bytes into a new heap buffer; blocks on the disk when they are cold. */
  public ByteBuffer read() {
    throw new UnsupportedOperationException();
  }

  /** Not used: our own writer sends the region. */
  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new UnsupportedOperationException("a log slice is sent as a file region");
  }
}
