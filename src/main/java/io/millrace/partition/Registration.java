package io.millrace.partition;

/** Something that waits and can be given up. */
@FunctionalInterface
public interface Registration {
  /** Gives it up; no effect when it was given up before. Call it on the loop that registered. */
  void cancel();
}
