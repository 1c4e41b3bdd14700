package io.millrace.coordinator.shard;

/**
 * A decided answer that waits for its commit.
 *
 * @param to where it goes
 * @param value the answer
 */
public record Answer<T>(Reply<T> to, T value) {

  /** Gives the answer to the one who waits for it. */
  public void deliver() {
    to.answer(value);
  }
}
