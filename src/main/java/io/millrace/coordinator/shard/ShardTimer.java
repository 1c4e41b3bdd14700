package io.millrace.coordinator.shard;

import io.millrace.time.Timer;
import java.util.function.Supplier;

/**
 * Timers of a shard. A timer's step is a step like any other: its records are appended and its
 * answers parked. Timers end with the shard.
 */
public interface ShardTimer<R> {

  /**
   * Runs {@code step} once, as a step of the shard, not before {@code delayMs} have passed.
   *
   * @param delayMs delay in ms, at least 0
   */
  Timer.Handle schedule(long delayMs, Supplier<ShardResult<R>> step);
}
