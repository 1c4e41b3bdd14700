package io.millrace.browser;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What somebody asked for cannot be done, told so that they can mend it. Immutable. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Errors error;
  private final @Nullable String hint;

  /**
   * A refusal.
   *
   * @param error Kafka's error
   * @param message one sentence that names what was wrong
   * @param hint what to do, or null
   */
  public RefusedException(Errors error, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.error = error;
    this.hint = hint;
  }

  /** A request that makes no sense. */
  public static RefusedException invalid(String message, @Nullable String hint) {
    return new RefusedException(Errors.INVALID_REQUEST, message, hint);
  }

  /** Kafka's error with Kafka's own sentence. */
  public static RefusedException of(Errors error) {
    String message = error.message();
    return new RefusedException(error, message == null ? error.name() : message, null);
  }

  /** Kafka's error, for programs. */
  public Errors error() {
    return error;
  }

  /** What to do about it, or null. */
  public @Nullable String hint() {
    return hint;
  }

  /** One sentence that names what was wrong. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
