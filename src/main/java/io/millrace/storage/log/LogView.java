package io.millrace.storage.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What readers see of a log at one moment: segments up to their written end, and the offsets. Each
 * change publishes a new view by one volatile write after the bytes are in the file. When a segment
 * of an old view is gone, the read goes on in the log's newest view. Immutable.
 */
public final class LogView {
  private final Supplier<LogView> newest;
  private final SegmentExtent[] sealed;
  private final SegmentExtent active;
  private final long logStartOffset;
  private final long highWatermark;
  private final long lastStableOffset;
  private final long coldAfterBytes;

  /**
   * A view.
   *
   * @param newest gives the log's view as it is at the time of the call
   * @param sealed segments before the active one, oldest first; never changed
   * @param active the segment that is written
   */
  LogView(
      Supplier<LogView> newest,
      SegmentExtent[] sealed,
      SegmentExtent active,
      long logStartOffset,
      long highWatermark,
      long lastStableOffset,
      long coldAfterBytes) {
    this.newest = newest;
    this.sealed = sealed;
    this.active = active;
    this.logStartOffset = logStartOffset;
    this.highWatermark = highWatermark;
    this.lastStableOffset = lastStableOffset;
    this.coldAfterBytes = coldAfterBytes;
  }

  /** First offset that may be read. */
  public long logStartOffset() {
    return logStartOffset;
  }

  /** First offset that is not yet committed. */
  public long highWatermark() {
    return highWatermark;
  }

  /** First offset that read_committed must not see; at most the high watermark. */
  public long lastStableOffset() {
    return lastStableOffset;
  }

  /** Offset behind the last record that is in the file. */
  public long logEndOffset() {
    return active.endOffset();
  }

  /** First offset of the segment that is written: data before it stands in closed segments. */
  public long activeBaseOffset() {
    return active.baseOffset();
  }

  /** Bytes of batches in all segments. */
  public long sizeBytes() {
    long size = active.endPosition();
    for (SegmentExtent extent : sealed) {
      size += extent.endPosition();
    }
    return size;
  }

  /** Number of segments, the active one included. */
  public int segmentCount() {
    return sealed.length + 1;
  }

  /**
   * Finds whole batches from the one that contains {@code offset} on. Retains the segment; the
   * caller releases the slice. May read a few KiB of index and headers from the page cache.
   *
   * @param maxBytes bound of the slice in bytes, at least 0
   * @param upToOffset batches with an offset at or behind this are left out
   * @param minOneBatch whether the first batch is given even when it is larger than {@code
   *     maxBytes}
   * @return null when {@code offset} is below the log start or behind the log end
   * @throws UncheckedIOException when the disk fails
   */
  public @Nullable LogSlice read(long offset, int maxBytes, long upToOffset, boolean minOneBatch) {
    LogView view = this;
    while (true) {
      if (offset < view.logStartOffset || offset > view.logEndOffset()) {
        return null;
      }
      int at = view.indexOf(offset);
      SegmentExtent extent = view.at(at);
      if (extent.segment().tryRetain()) {
        LogSlice slice = view.sliceOf(at, offset, maxBytes, upToOffset, minOneBatch);
        if (slice != null) {
          return slice;
        }
        offset = extent.endOffset();
      } else {
        LogView next = newest.get();
        if (next == view) {
          return null;
        }
        view = next;
      }
    }
  }

  /**
   * The segment is retained. Null when it has no batch at or behind {@code offset} but is sealed.
   */
  private @Nullable LogSlice sliceOf(
      int at, long offset, int maxBytes, long upToOffset, boolean minOneBatch) {
    SegmentExtent extent = at(at);
    boolean handedOver = false;
    try {
      long start = extent.positionToRead(offset);
      if (start == extent.endPosition() && at < sealed.length) {
        return null;
      }
      int size = regionSize(extent, start, maxBytes, upToOffset, minOneBatch);
      boolean whole = size > 0 && start + size >= extent.positionOf(upToOffset);
      LogFile file = size == 0 ? null : extent.segment().log();
      LogSlice slice = new LogSlice(extent.segment(), file, start, size, isCold(at, start), whole);
      handedOver = true;
      return slice;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!handedOver) {
        extent.segment().release();
      }
    }
  }

  private static int regionSize(
      SegmentExtent extent, long start, int maxBytes, long upToOffset, boolean minOneBatch)
      throws IOException {
    long end = extent.positionOf(upToOffset);
    if (end <= start) {
      return 0;
    }
    long limit = start + maxBytes;
    if (end > limit) {
      end = extent.boundaryBelow(start, limit);
    }
    if (end == start && minOneBatch) {
      BatchCursor first = new BatchCursor(extent.segment().log(), start, extent.endPosition());
      return first.next() ? first.sizeBytes() : 0;
    }
    return (int) (end - start);
  }

  /**
   * Finds the first record with this timestamp or a later one. Reads indexes, headers and one
   * batch: on a worker when the log is large and cold.
   *
   * @param upToOffset records at or behind this offset are not found
   * @return null when there is none
   */
  public @Nullable TimestampedOffset offsetForTimestamp(long timestampMs, long upToOffset)
      throws IOException {
    return TimestampSearch.firstFrom(this, timestampMs, upToOffset);
  }

  /** The first record with the largest timestamp (KIP-734); null when the log is empty. */
  public @Nullable TimestampedOffset maxTimestamp() throws IOException {
    return TimestampSearch.largest(this);
  }

  /** Aborted transactions that overlap [{@code fromOffset}, {@code toOffset}). */
  public List<AbortedTxn> abortedTransactions(long fromOffset, long toOffset) {
    List<AbortedTxn> found = new ArrayList<>();
    try {
      for (int at = indexOf(fromOffset); at <= sealed.length; at++) {
        SegmentExtent extent = at(at);
        if (extent.segment().tryRetain()) {
          try {
            extent.segment().txnIndex().collect(fromOffset, toOffset, found::add);
          } finally {
            extent.segment().release();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /**
   * Whether the batches from an offset on lie so far behind the end that to look for them, too, may
   * wait for the disk. Looks at no file: offsets are taken to lie evenly in their segment.
   */
  public boolean isCold(long offset) {
    int at = indexOf(offset);
    SegmentExtent extent = at(at);
    long offsets = Math.max(1, extent.endOffset() - extent.baseOffset());
    double before = (double) (offset - extent.baseOffset()) / offsets;
    return isCold(at, (long) (before * extent.endPosition()));
  }

  private boolean isCold(int at, long position) {
    long behind = at(at).endPosition() - position;
    for (int i = at + 1; i <= sealed.length && behind <= coldAfterBytes; i++) {
      behind += at(i).endPosition();
    }
    return behind > coldAfterBytes;
  }

  SegmentExtent at(int index) {
    return index == sealed.length ? active : sealed[index];
  }

  /** Index of the last segment whose base offset is at most {@code offset}; 0 if there is none. */
  int indexOf(long offset) {
    if (offset >= active.baseOffset()) {
      return sealed.length;
    }
    int low = 0;
    int high = sealed.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sealed[middle].baseOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }
}
