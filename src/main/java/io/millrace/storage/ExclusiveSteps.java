package io.millrace.storage;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one log that bear no other writer beside them, one after the other: truncations, and
 * the moment in which a copy in another folder takes the log's place. The latter holds appends back
 * and waits for the flushes under way; nobody appends to a log that is truncated.
 *
 * <p>Confined to: the log's shard.
 */
final class ExclusiveSteps {
  private Future<Void> last = Future.succeededFuture();
  private @Nullable ArrayDeque<Runnable> held;
  private int flushes;
  private Promise<Void> flushesEnded = Promise.promise();

  /** Has a step begin when those before it have ended, well or not. */
  Future<Void> add(Supplier<Future<Void>> step) {
    last = last.transform(before -> step.get());
    return last;
  }

  /** Whether a step is under way or waits. */
  boolean areUnderWay() {
    return !last.isComplete();
  }

  /** Completes when what was added so far has ended, well or not. */
  Future<Void> ended() {
    return last.transform(done -> Future.succeededFuture());
  }

  /** Completes when neither a step nor a flush is under way: nobody touches the files then. */
  Future<Void> quiet() {
    return ended()
        .compose(
            done ->
                flushes == 0
                    ? Future.succeededFuture()
                    : flushesEnded.future().compose(flushed -> quiet()));
  }

  /** Holds appends from now on, has {@code work} begin when no flush is under way, and resumes. */
  Future<Void> pause(Supplier<Future<Void>> work) {
    held = new ArrayDeque<>();
    Future<Void> idle = flushes == 0 ? Future.succeededFuture() : flushesEnded.future();
    return idle.compose(ended -> work.get()).onComplete(done -> resume());
  }

  private void resume() {
    ArrayDeque<Runnable> waiting = held;
    held = null;
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  /** Whether appends must wait: {@link #hold} them. */
  boolean holdAppends() {
    return held != null;
  }

  /** Has an append run when the pause is over, after those that were held before it. */
  void hold(Runnable append) {
    if (held == null) {
      throw new IllegalStateException("appends are not held");
    }
    held.add(append);
  }

  void flushBegan() {
    flushes++;
  }

  void flushEnded() {
    flushes--;
    if (flushes == 0) {
      Promise<Void> ended = flushesEnded;
      flushesEnded = Promise.promise();
      ended.complete();
    }
  }
}
