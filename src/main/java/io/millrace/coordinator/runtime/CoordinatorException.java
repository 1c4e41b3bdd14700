package io.millrace.coordinator.runtime;

import org.apache.kafka.common.protocol.Errors;

/** Why a request was not run, or its answer not given. Carries no stack: it is an answer. */
public final class CoordinatorException extends Exception {
  private static final long serialVersionUID = 1;

  private final Errors error;

  public CoordinatorException(Errors error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  /** The error to answer with. */
  public Errors error() {
    return error;
  }

  /** The error that a failed step stands for. */
  public static Errors errorOf(Throwable failure) {
    return failure instanceof CoordinatorException e ? e.error : Errors.UNKNOWN_SERVER_ERROR;
  }
}
