package io.millrace.record;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Records that were refused, with what the client is told. Carries no stack: it is an answer, not a
 * fault. Immutable.
 */
public final class InvalidRecordsException extends Exception {
  private final Errors error;
  private final List<RecordError> recordErrors;

  /**
   * A single record that was refused (KIP-467).
   *
   * @param batchIndex index of the record in its batch, from 0
   * @param message what is wrong with it
   */
  public record RecordError(int batchIndex, String message) {}

  /** A refusal of the batch as a whole. */
  public InvalidRecordsException(Errors error, String message) {
    this(error, message, List.of());
  }

  /**
   * A refusal because of single records.
   *
   * @param error what the client is told
   * @param message a sentence for people
   * @param recordErrors the records at fault; empty when the batch as a whole is
   */
  public InvalidRecordsException(Errors error, String message, List<RecordError> recordErrors) {
    super(message, null, false, false);
    this.error = error;
    this.recordErrors = List.copyOf(recordErrors);
  }

  /** What the client is told. */
  public Errors error() {
    return error;
  }

  /** The records at fault, for {@code record_errors} of the answer; may be empty. */
  public List<RecordError> recordErrors() {
    return recordErrors;
  }
}
