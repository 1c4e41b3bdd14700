package io.millrace.partition;

import io.millrace.storage.log.LogSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * What a read found. When it holds records, {@link #release} is due exactly once: by the reader, or
 * by the network layer after the bytes left.
 *
 * @param error NONE, or why nothing was read; the offsets are -1 then
 * @param highWatermark first offset that is not committed
 * @param lastStableOffset first offset that read_committed must not see
 * @param logStartOffset first offset that may be read
 * @param limit first offset that this reader must not see; the reader waits behind it
 * @param slice the bytes, null when there are none to read
 * @param olderSegment whether it began in a segment that is closed: more may follow in the next one
 * @param abortedTxns aborted transactions among the records; null unless read_committed
 */
public record ReadOutcome(
    Errors error,
    long highWatermark,
    long lastStableOffset,
    long logStartOffset,
    long limit,
    @Nullable LogSlice slice,
    boolean olderSegment,
    @Nullable List<AbortedTransaction> abortedTxns) {

  /** Nothing was read. */
  public static ReadOutcome refused(Errors error) {
    return new ReadOutcome(error, -1, -1, -1, -1, null, false, null);
  }

  /** The bytes as a response carries them. */
  public BaseRecords records() {
    return slice == null ? MemoryRecords.EMPTY : slice;
  }

  /** Bytes of records. */
  public int sizeInBytes() {
    return slice == null ? 0 : slice.sizeInBytes();
  }

  /** Whether it holds all records up to {@link #limit}. */
  public boolean reachesLimit() {
    return slice != null && slice.isWhole() && !olderSegment;
  }

  /** Whether there are records behind those that were read from {@code offset} on. */
  public boolean hasMoreFrom(long offset) {
    return slice != null && !slice.isWhole() && limit > offset;
  }

  /** Whether a loop must not touch the bytes before {@link Partition#warm} did. */
  public boolean isCold() {
    return slice != null && slice.isCold();
  }

  ReadOutcome with(LogSlice warmed) {
    return new ReadOutcome(
        error,
        highWatermark,
        lastStableOffset,
        logStartOffset,
        limit,
        warmed,
        olderSegment,
        abortedTxns);
  }

  /**
   * Copies the bytes into a new heap buffer; blocks on the disk when they are cold.
   *
   * @throws java.io.UncheckedIOException when the disk fails
   */
  public ByteBuffer copy() {
    return slice == null ? ByteBuffer.allocate(0) : slice.read();
  }

  /** Gives the bytes back unread. */
  public void release() {
    if (slice != null) {
      slice.release();
    }
  }
}
