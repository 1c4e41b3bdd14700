package io.millrace.partition;

import org.apache.kafka.common.protocol.Errors;

/**
 * Where the committed part of a partition begins and ends. Immutable.
 *
 * @param error NONE, or why the partition refused; the offsets are -1 then
 * @param logStartOffset first offset that may be read
 * @param highWatermark first offset that is not committed
 * @param limit last stable offset: first that a reader with {@code read_committed} must not see
 */
public record CommittedOffsets(Errors error, long logStartOffset, long highWatermark, long limit) {

  /** The partition refused. */
  public static CommittedOffsets refused(Errors error) {
    return new CommittedOffsets(error, -1, -1, -1);
  }
}
