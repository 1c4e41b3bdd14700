package io.millrace.eventloop;

import io.millrace.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A loop on a Vert.x context: an event loop, or a worker verticle with a thread of its own. */
final class VertxLoop implements EventLoop {

  /** The threads behind {@link EventLoop#offload}. */
  interface Workers {
    /** Those of a kind, for one log folder or for what concerns none. */
    Executor of(Work kind, @Nullable Path folder);
  }

  private final String name;
  private final ContextInternal context;
  private final Clock clock;
  private final Workers workers;
  private final Mailbox mailbox;

  /** The loop whose mailbox the thread is draining; tells worker contexts apart. */
  private static final ThreadLocal<@Nullable VertxLoop> DRAINING = new ThreadLocal<>();

  VertxLoop(String name, Context context, Clock clock, int mailboxCapacity, Workers workers) {
    this.name = name;
    this.context = (ContextInternal) context;
    this.clock = clock;
    this.workers = workers;
    // Made once: each wake-up uses it.
    Handler<Void> drain = ignored -> drain();
    this.mailbox = new Mailbox(name, mailboxCapacity, () -> context.runOnContext(drain));
  }

  private void drain() {
    DRAINING.set(this);
    try {
      mailbox.drain();
    } finally {
      DRAINING.set(null);
    }
  }

  /** What it runs on. */
  ContextInternal context() {
    return context;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public boolean isOwner() {
    // Socket events reach an event loop without its mailbox; a worker runs nothing but its mailbox.
    return DRAINING.get() == this
        || (context.isEventLoopContext() && context.nettyEventLoop().inEventLoop());
  }

  @Override
  public void execute(Runnable step) {
    mailbox.put(step);
  }

  @Override
  public boolean tryExecute(Runnable step) {
    return mailbox.tryPut(step);
  }

  @Override
  public void atBatchEnd(Runnable hook) {
    assertOwner();
    mailbox.atBatchEnd(hook);
  }

  @Override
  public Handle schedule(long delayMs, Runnable step) {
    // The step goes through the mailbox, behind what had arrived when the timer fired.
    AtomicReference<Runnable> pending = new AtomicReference<>(step);
    Runnable fire =
        () -> {
          Runnable due = pending.getAndSet(null);
          if (due != null) {
            due.run();
          }
        };
    Vertx vertx = context.owner();
    long timer = vertx.setTimer(Math.max(1, delayMs), id -> mailbox.put(fire));
    return () -> {
      if (pending.getAndSet(null) != null) {
        vertx.cancelTimer(timer);
      }
    };
  }

  @Override
  public <T> Future<T> offload(Work kind, Callable<T> work) {
    return run(workers.of(kind, null), work);
  }

  @Override
  public <T> Future<T> offload(Work kind, Path folder, Callable<T> work) {
    return run(workers.of(kind, folder), work);
  }

  private <T> Future<T> run(Executor worker, Callable<T> work) {
    Promise<T> answer = Promise.promise();
    worker.execute(
        () -> {
          T result;
          try {
            result = work.call();
          } catch (Throwable e) {
            execute(() -> answer.fail(e));
            return;
          }
          execute(() -> answer.complete(result));
        });
    return answer.future();
  }

  @Override
  public String toString() {
    return name;
  }
}
