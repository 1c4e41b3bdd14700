package io.millrace.cluster.controller;

import org.apache.kafka.common.protocol.Errors;

/** Ends the decision on one topic or resource with an error for its place in the reply. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Errors error;

  RefusedException(Errors error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  Errors error() {
    return error;
  }
}
