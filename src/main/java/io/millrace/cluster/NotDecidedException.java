package io.millrace.cluster;

import org.apache.kafka.common.protocol.Errors;

/** A request that the cluster gave no decision on; the error says whether to ask again. */
public final class NotDecidedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Errors error;

  /** With the error that a client is answered, and a sentence. */
  public NotDecidedException(Errors error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  /** What a client is answered. */
  public Errors error() {
    return error;
  }
}
