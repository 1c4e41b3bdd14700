package io.millrace.partition;

import io.millrace.storage.log.LogView;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.InvalidRequestException;

/** How far into a log a reader may see. */
public enum ReadLimit {
  /** Everything that is in the file: followers and coordinators. */
  LOG_END,
  /** What is committed: consumers with {@code read_uncommitted}. */
  HIGH_WATERMARK,
  /** What no open transaction can take back: consumers with {@code read_committed} (KIP-98). */
  LAST_STABLE_OFFSET;

  /** Whether there is an isolation level of that number in requests. */
  public static boolean isKnown(byte isolation) {
    return isolation == IsolationLevel.READ_UNCOMMITTED.id()
        || isolation == IsolationLevel.READ_COMMITTED.id();
  }

  /**
   * The limit of a consumer.
   *
   * @param isolation number of an isolation level in a request
   * @throws InvalidRequestException when there is no such level
   */
  public static ReadLimit of(byte isolation) {
    if (isolation == IsolationLevel.READ_UNCOMMITTED.id()) {
      return HIGH_WATERMARK;
    } else if (isolation == IsolationLevel.READ_COMMITTED.id()) {
      return LAST_STABLE_OFFSET;
    }
    throw new InvalidRequestException("isolation level " + isolation);
  }

  /** First offset of the view that the reader must not see. */
  public long of(LogView view) {
    return switch (this) {
      case LOG_END -> view.logEndOffset();
      case HIGH_WATERMARK -> view.highWatermark();
      case LAST_STABLE_OFFSET -> view.lastStableOffset();
    };
  }
}
