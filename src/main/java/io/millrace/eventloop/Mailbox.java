package io.millrace.eventloop;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that wait for one loop, drained in batches by whatever context the loop runs on.
 *
 * <p>One wake-up of the context serves all steps that gathered meanwhile; the steps of one drain
 * are one batch, after which the batch-end hooks run. A drain is bounded, so that other work of the
 * same context gets its turn.
 */
final class Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
  private static final int BATCH_STEPS_MAX = 1024;

  private final String name;
  private final int capacity;

  /** Asks the context to call {@link #drain} soon. */
  private final Runnable wake;

  // Any thread.
  private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean awake = new AtomicBoolean();

  // Owner: the context.
  private final ArrayDeque<Runnable> batchEnd = new ArrayDeque<>();
  private boolean draining;

  Mailbox(String name, int capacity, Runnable wake) {
    this.name = name;
    this.capacity = capacity;
    this.wake = wake;
  }

  void put(Runnable step) {
    waiting.incrementAndGet();
    steps.add(step);
    wakeUp();
  }

  boolean tryPut(Runnable step) {
    if (waiting.get() >= capacity) {
      return false;
    }
    put(step);
    return true;
  }

  /** Owner only. Outside of a drain (a step that came by another way) it starts one. */
  void atBatchEnd(Runnable hook) {
    batchEnd.add(hook);
    if (!draining) {
      wakeUp();
    }
  }

  private void wakeUp() {
    if (!awake.get() && awake.compareAndSet(false, true)) {
      wake.run();
    }
  }

  /** Runs the steps that wait; owner only. */
  void drain() {
    draining = true;
    int done = 0;
    Runnable step;
    while (done < BATCH_STEPS_MAX && (step = steps.poll()) != null) {
      done++;
      run(step);
    }
    waiting.addAndGet(-done);
    while ((step = batchEnd.poll()) != null) {
      run(step);
    }
    draining = false;
    awake.set(false);
    if (!steps.isEmpty()) {
      wakeUp();
    }
  }

  private void run(Runnable step) {
    try {
      step.run();
    } catch (Throwable fault) {
      // One faulty step must not take the others of the loop with it.
      LOG.error("a step of {} failed", name, fault);
    }
  }
}
