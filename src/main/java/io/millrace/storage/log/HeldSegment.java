package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A sealed segment that is held, so that its bytes stay while somebody reads it. {@link #release}
 * it exactly once. Thread-safe.
 */
public final class HeldSegment {
  private final SegmentExtent extent;

  HeldSegment(SegmentExtent extent) {
    this.extent = extent;
    extent.segment().retain();
  }

  /** Its first offset, also its file's name. */
  public long baseOffset() {
    return extent.baseOffset();
  }

  /** Offset behind its last record; the next segment's base offset. */
  public long endOffset() {
    return extent.endOffset();
  }

  /** Bytes of its batches. */
  public long sizeBytes() {
    return extent.endPosition();
  }

  /** Largest timestamp in it, −1 when it has none. Reads the time index when nobody did. */
  public long largestTimestampMs() throws IOException {
    return extent.newest().timestampMs();
  }

  /** The {@code .log} file's name. */
  public Path file() {
    return extent.segment().logFile().path();
  }

  /** The batches; opened on first use. */
  public LogFile log() throws IOException {
    return extent.segment().log();
  }

  /** The entries of its {@code .txnindex}. */
  public List<AbortedTxn> abortedTxns() throws IOException {
    return extent.segment().txnIndex().all();
  }

  /** Gives it back. */
  public void release() {
    extent.segment().release();
  }
}
