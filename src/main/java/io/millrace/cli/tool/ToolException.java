package io.millrace.cli.tool;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends a command with one sentence that says what was wrong, and if possible with another one that
 * says what to type instead. Immutable.
 */
public final class ToolException extends RuntimeException {
  /** Exit code of a command that failed. */
  public static final int FAILED = 1;

  /** Exit code of a command line that makes no sense. */
  public static final int WRONG_USAGE = 2;

  /** Exit code when no broker answers. */
  public static final int NOT_REACHED = 3;

  private static final long serialVersionUID = 1;

  private final @Nullable String hint;
  private final int exitCode;

  private ToolException(
      String message, @Nullable String hint, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
    this.exitCode = exitCode;
  }

  /** A failure that is said by this sentence. */
  public static ToolException failed(String message) {
    return new ToolException(message, null, FAILED, null);
  }

  /** A command line that makes no sense, said by this sentence. */
  public static ToolException wrongUsage(String message) {
    return new ToolException(message, null, WRONG_USAGE, null);
  }

  /** No broker answers, said by this sentence. */
  public static ToolException notReached(String message) {
    return new ToolException(message, null, NOT_REACHED, null);
  }

  /** The same with other words for what was wrong. */
  public ToolException saying(String message) {
    return new ToolException(message, hint, exitCode, getCause());
  }

  /** The same with a sentence that says what to do or to type. */
  public ToolException hint(String hint) {
    return new ToolException(getMessage(), hint, exitCode, getCause());
  }

  /** The same with what led to it. */
  public ToolException because(Throwable cause) {
    return new ToolException(getMessage(), hint, exitCode, cause);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** What to do or to type, when that is known. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  /** Code to exit with: one of the constants of this class. */
  public int exitCode() {
    return exitCode;
  }
}
