package io.millrace.partition;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What became of batches that a client gave.
 *
 * @param error NONE when they are in the log and as many replicas have them as the client asked for
 * @param baseOffset offset of the first record, -1 when nothing was appended
 * @param logAppendTimeMs the timestamp given to the records, -1 when they kept their own
 * @param logStartOffset log start offset, -1 when unknown
 * @param message what to tell people, null when the error says it all
 */
public record AppendOutcome(
    Errors error,
    long baseOffset,
    long logAppendTimeMs,
    long logStartOffset,
    @Nullable String message) {

  /** Nothing was appended, and nothing is known of the log. */
  public static AppendOutcome refused(Errors error) {
    return new AppendOutcome(error, -1, -1, -1, null);
  }
}
