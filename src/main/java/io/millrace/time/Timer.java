package io.millrace.time;

/** Runs steps later, on the context that owns the timer. */
public interface Timer {

  /**
   * Runs {@code step} once, not before {@code delayMs} have passed.
   *
   * @param delayMs delay in ms, at least 0
   */
  Handle schedule(long delayMs, Runnable step);

  /** A scheduled step. */
  interface Handle {
    /** Keeps the step from running; no effect when it ran or was cancelled before. */
    void cancel();
  }
}
