package io.millrace.partition;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a read with {@code read_committed} found. Immutable, save the buffer's own position.
 *
 * @param error NONE, or why the partition refused
 * @param logStartOffset first offset that may be read; -1 when not known, as with most errors
 * @param limit last stable offset: there is nothing to be read from there on
 * @param bytes batches on the heap; empty when there are none
 * @param aborted aborted transactions among them
 */
public record CommittedRead(
    Errors error,
    long logStartOffset,
    long limit,
    ByteBuffer bytes,
    List<AbortedTransaction> aborted) {
  /** No batches. */
  public static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  /** Nothing was read. */
  public static CommittedRead refused(Errors error, long logStartOffset) {
    return new CommittedRead(error, logStartOffset, -1, NO_BYTES, List.of());
  }
}
