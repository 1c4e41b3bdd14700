package io.millrace.coordinator.runtime;

import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The timers of one life of a shard; all end with it. Confined to: the shard's loop. */
final class ActivationTimer<R> implements ShardTimer<R> {
  private final EventLoop loop;
  private final Consumer<Supplier<ShardResult<R>>> runner;
  private final Set<Pending> pending = new HashSet<>();

  private final class Pending {
    private Timer.Handle handle = () -> {};
  }

  /**
   * @param runner runs a timer's step as a step of the shard
   */
  ActivationTimer(EventLoop loop, Consumer<Supplier<ShardResult<R>>> runner) {
    this.loop = loop;
    this.runner = runner;
  }

  @Override
  public Timer.Handle schedule(long delayMs, Supplier<ShardResult<R>> step) {
    Pending timer = new Pending();
    pending.add(timer);
    timer.handle =
        loop.schedule(
            delayMs,
            () -> {
              if (pending.remove(timer)) {
                runner.accept(step);
              }
            });
    return () -> {
      if (pending.remove(timer)) {
        timer.handle.cancel();
      }
    };
  }

  void discard() {
    pending.forEach(timer -> timer.handle.cancel());
    pending.clear();
  }
}
