package io.millrace.storage.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What readers see of a log at one moment: segments up to their written end, and the offsets. Each
 * change publishes a new view by one volatile write after the bytes are in the file. Immutable.
 */
public final class LogView {

  LogView() {}

  /** First offset that may be read. */
  public long logStartOffset() {
    throw new UnsupportedOperationException();
  }

  /** First offset that is not yet committed. */
  public long highWatermark() {
    throw new UnsupportedOperationException();
  }

  /** First offset that read_committed must not see; at most the high watermark. */
  public long lastStableOffset() {
    throw new UnsupportedOperationException();
  }

  /** Offset behind the last record that is in the file. */
  public long logEndOffset() {
    throw new UnsupportedOperationException();
  }

  /**
   * Finds whole batches from the one that contains {@code offset} on. Retains the segment; the
   * caller releases the slice. May read a few KiB of index and headers from the page cache.
   *
   * @param maxBytes bound of the slice in bytes, at least 0
   * @param upToOffset batches whose first offset is at or behind this are left out
   * @param minOneBatch whether the first batch is given even when it is larger than {@code maxBytes}
   * @return null when {@code offset} is below the log start or behind the log end
   * @throws java.io.UncheckedIOException when the disk fails
   */
  public @Nullable LogSlice read(
      long offset, int maxBytes, long upToOffset, boolean minOneBatch) {
    throw new UnsupportedOperationException();
  }

  /** Aborted transactions that overlap [{@code fromOffset}, {@code toOffset}). */
  public List<AbortedTxn> abortedTransactions(long fromOffset, long toOffset) {
    throw new UnsupportedOperationException();
  }
}
