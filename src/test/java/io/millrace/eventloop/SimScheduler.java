package io.millrace.eventloop;

import io.millrace.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * The simulated implementation of {@link EventLoop}: one thread, virtual time, and a seed that
 * decides which loop runs next and how long each piece of offloaded work takes. The same seed gives
 * the same run.
 *
 * <p>Loops belong to a {@link Process}; a crash of the process drops everything that it had under
 * way. Confined to the test's thread.
 */
public final class SimScheduler {
  private final long seed;
  private final Random random;
  private final List<SimLoop> ready = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.atNs != b.atNs ? Long.compare(a.atNs, b.atNs) : Long.compare(a.order, b.order));
  private long nowNs;
  private long wallOffsetMs = 1_750_000_000_000L;
  private long nextOrder;
  private SimLoop running;

  private final Clock clock =
      new Clock() {
        @Override
        public long wallMs() {
          return wallOffsetMs + nowNs / 1_000_000;
        }

        @Override
        public long monotonicNs() {
          return nowNs;
        }
      };

  public SimScheduler(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  public long seed() {
    return seed;
  }

  /** The one source of randomness of the run. */
  public Random random() {
    return random;
  }

  public Clock clock() {
    return clock;
  }

  /** Moves the wall clock against the monotonic one, as an operator or NTP does. */
  public void jumpWallClock(long byMs) {
    wallOffsetMs += byMs;
  }

  /**
   * Runs {@code step} at a virtual time from now, outside of any loop (the world: faults, network).
   */
  public void at(long delayMs, Runnable step) {
    atNs(delayMs * 1_000_000, step);
  }

  /** As {@link #at}, with a delay in ns. */
  public void after(long delayNs, Runnable step) {
    atNs(delayNs, step);
  }

  /** A group of loops that crashes as one. */
  public Process process(String name) {
    return new Process(name);
  }

  /** Whether a step of a loop runs now, rather than a worker or the world. */
  public boolean isInStep() {
    return running != null;
  }

  /** Runs one batch of a loop, or moves time to the next event. False when nothing is left. */
  public boolean runOne() {
    if (!ready.isEmpty()) {
      nowNs += random.nextInt(20_000);
      fireDue();
      if (!ready.isEmpty()) {
        ready.get(random.nextInt(ready.size())).drain();
      }
      return true;
    }
    Event next = events.poll();
    if (next == null) {
      return false;
    }
    nowNs = Math.max(nowNs, next.atNs);
    next.step.run();
    return true;
  }

  /** Runs for {@code ms} of virtual time. */
  public void runFor(long ms) {
    long untilNs = nowNs + ms * 1_000_000;
    while (nowNs < untilNs) {
      if (ready.isEmpty() && (events.isEmpty() || events.peek().atNs > untilNs)) {
        nowNs = untilNs;
        return;
      }
      runOne();
    }
  }

  /**
   * Runs until the condition holds.
   *
   * @throws AssertionError naming the seed when it does not hold within {@code maxMs} of virtual
   *     time
   */
  public void runUntil(BooleanSupplier condition, long maxMs) {
    long untilNs = nowNs + maxMs * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (nowNs > untilNs || !runOne()) {
        throw new AssertionError(
            "condition not reached after " + maxMs + " ms of simulated time, seed " + seed);
      }
    }
  }

  /** Runs until the future is complete and gives its result; fails as {@link #runUntil} does. */
  public <T> T await(Future<T> future, long maxMs) {
    runUntil(future::isComplete, maxMs);
    if (future.failed()) {
      throw new AssertionError("failed, seed " + seed, future.cause());
    }
    return future.result();
  }

  private void fireDue() {
    while (!events.isEmpty() && events.peek().atNs <= nowNs) {
      events.poll().step.run();
    }
  }

  private void atNs(long delayNs, Runnable step) {
    events.add(new Event(nowNs + delayNs, nextOrder++, step));
  }

  private record Event(long atNs, long order, Runnable step) {}

  /** The loops of one simulated process. */
  public final class Process {
    private final String name;
    private final List<SimLoop> own = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>();
    private boolean alive = true;
    private boolean paused;
    private int slowness = 1;

    private Process(String name) {
      this.name = name;
    }

    public EventLoop loop(String loopName) {
      SimLoop loop = new SimLoop(name + "/" + loopName, this);
      own.add(loop);
      return loop;
    }

    public boolean isAlive() {
      return alive;
    }

    /** Whether it stands still, by {@link #pause}. */
    public boolean isPaused() {
      return paused;
    }

    /** Whether its steps run: it lives and does not stand still. */
    public boolean isRunning() {
      return alive && !paused;
    }

    /** Its steps, timers and offloaded work stand still, as after SIGSTOP, until resumed. */
    public void pause() {
      paused = true;
      own.forEach(SimLoop::mark);
    }

    /** Goes on with everything that became due meanwhile, as after SIGCONT. */
    public void resume() {
      paused = false;
      own.forEach(SimLoop::mark);
      List<Runnable> due = List.copyOf(held);
      held.clear();
      due.forEach(work -> atNs(random.nextInt(2_000_000), work));
    }

    /** Offloaded work takes that many times its usual time: a slow disk, a busy machine. */
    public void slowDown(int times) {
      slowness = times;
    }

    /** Runs {@code step}, outside of any loop, when the process ends. */
    public void onEnd(Runnable step) {
      ends.add(step);
    }

    /** Ends the process at once: no step, timer or offloaded work of it runs any more. */
    public void crash() {
      if (alive) {
        alive = false;
        own.forEach(SimLoop::mark);
        ends.forEach(Runnable::run);
      }
    }
  }

  private final class SimLoop implements EventLoop {
    private static final int CAPACITY = 100_000;
    private final String name;
    private final Process process;
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    private final ArrayDeque<Runnable> batchEnd = new ArrayDeque<>();
    private int place = -1;

    SimLoop(String name, Process process) {
      this.name = name;
      this.process = process;
    }

    /** Takes its place among the loops that have something to do, or leaves it. */
    private void mark() {
      boolean is = isReady();
      if (is && place < 0) {
        place = ready.size();
        ready.add(this);
      } else if (!is && place >= 0) {
        SimLoop last = ready.remove(ready.size() - 1);
        if (last != this) {
          ready.set(place, last);
          last.place = place;
        }
        place = -1;
      }
    }

    private boolean isReady() {
      return process.isRunning() && (!steps.isEmpty() || !batchEnd.isEmpty());
    }

    void drain() {
      running = this;
      try {
        // A random part of the mailbox, so that batches end anywhere.
        int batch = steps.isEmpty() ? 0 : 1 + random.nextInt(steps.size());
        for (int i = 0; i < batch && process.isRunning() && !steps.isEmpty(); i++) {
          run(steps.poll());
        }
        while (process.isRunning() && !batchEnd.isEmpty()) {
          run(batchEnd.poll());
        }
      } finally {
        running = null;
        mark();
      }
    }

    private void run(Runnable step) {
      try {
        step.run();
      } catch (SimCrash crash) {
        process.crash();
      } catch (RuntimeException | AssertionError fault) {
        throw new AssertionError("a step of " + name + " failed, seed " + seed, fault);
      }
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
      return running == this;
    }

    @Override
    public void execute(Runnable step) {
      if (process.alive) {
        steps.add(step);
        mark();
      }
    }

    @Override
    public boolean tryExecute(Runnable step) {
      if (steps.size() >= CAPACITY) {
        return false;
      }
      execute(step);
      return true;
    }

    @Override
    public void atBatchEnd(Runnable hook) {
      assertOwner();
      batchEnd.add(hook);
      mark();
    }

    @Override
    public Handle schedule(long delayMs, Runnable step) {
      boolean[] cancelled = new boolean[1];
      atNs(
          Math.max(1, delayMs) * 1_000_000,
          () ->
              execute(
                  () -> {
                    if (!cancelled[0]) {
                      step.run();
                    }
                  }));
      return () -> cancelled[0] = true;
    }

    @Override
    public <T> Future<T> offload(Work kind, Callable<T> work) {
      Promise<T> answer = Promise.promise();
      long workAtNs = (long) random.nextInt(2_000_000) * process.slowness;
      long answerAfterNs = random.nextInt(2_000_000);
      atNs(workAtNs, () -> work(work, answer, answerAfterNs));
      return answer.future();
    }

    private <T> void work(Callable<T> work, Promise<T> answer, long answerAfterNs) {
      if (!process.alive) {
        return;
      }
      if (process.paused) {
        process.held.add(() -> work(work, answer, answerAfterNs));
        return;
      }
      try {
        T result = work.call();
        atNs(answerAfterNs, () -> execute(() -> answer.complete(result)));
      } catch (SimCrash crash) {
        process.crash();
      } catch (Throwable e) {
        atNs(answerAfterNs, () -> execute(() -> answer.fail(e)));
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Thrown by a simulated device in the middle of a step: the process ends there. */
  public static final class SimCrash extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SimCrash(String where) {
      super(where);
    }
  }
}
