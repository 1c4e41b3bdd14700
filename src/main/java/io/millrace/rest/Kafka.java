package io.millrace.rest;

import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Turns the error codes of Kafka's answers into problems. Stateless. */
final class Kafka {
  private Kafka() {}

  /** Refuses with the error when there is one. */
  static void check(short code, @Nullable String message) {
    Errors error = Errors.forCode(code);
    if (error != Errors.NONE) {
      throw new ProblemException(Problem.of(error, message));
    }
  }
}
