package io.millrace.eventloop;

import io.millrace.time.Clock;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * One owner of state: it runs steps one at a time, in the order in which they were given.
 *
 * <p>A loop has a mailbox that it drains in batches. Whatever wants to share the cost of a batch (a
 * gathering write, a socket flush) registers with {@link #atBatchEnd}. Timers fire behind the steps
 * that were already waiting, so a loop that stalled handles what had arrived in time before it
 * expires it.
 *
 * <p>Thread-safe: {@link #execute}, {@link #tryExecute}, {@link #schedule}, {@link #scheduleTurn},
 * {@link #name}, {@link #clock} and {@link #isOwner}. The rest is for the owner.
 */
public interface EventLoop extends Timer {

  /** Name for logs, such as {@code storage-0}. */
  String name();

  /** The clock of this loop; virtual in simulation. */
  Clock clock();

  /** Whether the calling thread is running a step of this loop. */
  boolean isOwner();

  /** Runs {@code step} on this loop, after all steps given before; never on the caller's stack. */
  void execute(Runnable step);

  /**
   * As {@link #execute}, unless the mailbox is full.
   *
   * @return false when the mailbox is full and the step was refused: answer with throttling or a
   *     retriable error
   */
  boolean tryExecute(Runnable step);

  /**
   * Runs {@code hook} once, on this loop, when the batch of steps that is being drained has ended.
   * Hooks run in the order of their registration; a hook registered by a hook runs in the same
   * round.
   */
  void atBatchEnd(Runnable hook);

  /**
   * Runs {@code step} once, at the next moment that is common to all turns of this length in the
   * process: what nobody waits for shares its wake-ups, so that a process at rest sleeps. Any
   * thread.
   *
   * @param everyMs length of a turn in ms, above 0; the step runs half a turn from now at the
   *     earliest, one and a half at the latest
   */
  default Handle scheduleTurn(long everyMs, Runnable step) {
    return schedule(untilTurnMs(clock().monotonicMs(), everyMs), step);
  }

  /** Time in ms until the moment that {@link #scheduleTurn} would take. Any thread. */
  static long untilTurnMs(long nowMs, long everyMs) {
    long leftMs = everyMs - Math.floorMod(nowMs, everyMs);
    return leftMs * 2 < everyMs ? leftMs + everyMs : leftMs;
  }

  /**
   * Runs {@code work} on a thread of its kind and completes the result as a step of this loop. The
   * work must not touch state of any loop.
   */
  <T> Future<T> offload(Work kind, Callable<T> work);

  /**
   * As {@link #offload(Work, Callable)}, on threads that this kind of work has for one log folder:
   * a disk that is slow holds up nothing at another.
   */
  default <T> Future<T> offload(Work kind, Path folder, Callable<T> work) {
    return offload(kind, work);
  }

  /** Fails with an AssertionError when the caller is not the owner and assertions are on. */
  default void assertOwner() {
    assert isOwner() : Thread.currentThread().getName() + " is not the owner of " + name();
  }

  /**
   * Asks another loop: {@code call} runs on {@code owner}, and its result completes as a step of
   * this loop. With {@code owner == this} the call runs at once.
   */
  default <T> Future<T> ask(EventLoop owner, Supplier<Future<T>> call) {
    if (owner == this && isOwner()) {
      return call.get();
    }
    Promise<T> answer = Promise.promise();
    owner.execute(
        () -> {
          Future<T> result;
          try {
            result = call.get();
          } catch (RuntimeException e) {
            result = Future.failedFuture(e);
          }
          result.onComplete(done -> execute(() -> answer.handle(done)));
        });
    return answer.future();
  }
}
