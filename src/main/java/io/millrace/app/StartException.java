package io.millrace.app;

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
   * @param cause what was seen
   */
  public StartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
