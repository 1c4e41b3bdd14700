package io.millrace.sim.cluster;

/** A checker found what must not be; it carries the checker's name. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;

  private final String checker;

  Violation(String checker, String message) {
    super("[" + checker + "] " + message);
    this.checker = checker;
  }

  /** Name of the checker. */
  String checker() {
    return checker;
  }

  /** The violation behind a failure of the scheduler or a test; null when there is none. */
  static @org.jspecify.annotations.Nullable Violation in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Violation violation) {
        return violation;
      }
    }
    return null;
  }
}
