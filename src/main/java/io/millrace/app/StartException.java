package io.millrace.app;

import org.jspecify.annotations.Nullable;

/** A broker cannot start for a reason that its operator can mend; the message is one sentence. */
public final class StartException extends RuntimeException {
  /**
   * @param sentence what stands in the way, and where it helps, what to do
   */
  public StartException(String sentence) {
    super(sentence);
  }

  /**
   * @param sentence what stands in the way, and where it helps, what to do
   * @param cause what was seen, if anything was
   */
  public StartException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
