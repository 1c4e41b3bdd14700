package io.millrace.cluster.raft;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs what blocks for seconds: starting and stopping Ratis, changes of its group, handing its
 * leadership over. One after the other; results complete on the control loop. What joins a future
 * of Ratis does so in work that is given here, never on a loop.
 *
 * <p>Thread-safe.
 */
final class AdminThread implements AutoCloseable {
  private final EventLoop control;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> Submitter.daemon(work, "raft-admin"));

  AdminThread(EventLoop control) {
    this.control = control;
  }

  /** Runs {@code work} after all that was given before. */
  <T> Future<T> run(Callable<T> work) {
    Promise<T> result = Promise.promise();
    try {
      thread.execute(() -> complete(work, result));
    } catch (RejectedExecutionException closed) {
      result.fail(closed);
    }
    return result.future();
  }

  private <T> void complete(Callable<T> work, Promise<T> result) {
    try {
      T value = work.call();
      control.execute(() -> result.complete(value));
    } catch (CompletionException wrapped) {
      Throwable cause = wrapped.getCause() == null ? wrapped : wrapped.getCause();
      control.execute(() -> result.fail(cause));
    } catch (Exception | LinkageError fault) {
      control.execute(() -> result.fail(fault));
    }
  }

  /** Ends when what was given is done. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
