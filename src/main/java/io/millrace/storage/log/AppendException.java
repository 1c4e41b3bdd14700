package io.millrace.storage.log;

import org.apache.kafka.common.protocol.Errors;

/** An append that was refused; the log is as it was before. Carries no stack. Immutable. */
public final class AppendException extends Exception {
  private final Errors error;

  /**
   * A refusal.
   *
   * @param error what the client is told
   * @param message a sentence for people
   */
  public AppendException(Errors error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  /** What the client is told. */
  public Errors error() {
    return error;
  }
}
