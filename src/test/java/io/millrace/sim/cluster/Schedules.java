package io.millrace.sim.cluster;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs many schedules, as many at a time as there are cores, until one fails.
 *
 * <p>{@code Schedules brokers steps count first} runs them by command, {@code Schedules brokers
 * steps --seed seed} runs one again.
 */
public final class Schedules {
  private final int brokers;
  private final int steps;
  private final long count;
  private final Random seeds;
  private final long begunNs = System.nanoTime();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  // Under the lock of this.
  private long given;

  Schedules(int brokers, int steps, long count, long first) {
    this.brokers = brokers;
    this.steps = steps;
    this.count = count;
    this.seeds = new Random(first);
  }

  /** Prints what it does; ends with a stack trace that names the seed when a schedule fails. */
  public static void main(String[] args) throws InterruptedException {
    int brokers = Integer.parseInt(args[0]);
    int steps = Integer.parseInt(args[1]);
    if (args[2].equals("--seed")) {
      new ClusterSchedule(Long.parseLong(args[3]), brokers, steps).run();
      System.out.println("held");
    } else {
      new Schedules(brokers, steps, Long.parseLong(args[2]), Long.parseLong(args[3])).run();
    }
  }

  /** Runs them. @throws AssertionError that names the seed of one that failed */
  void run() throws InterruptedException {
    int threads = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));
    CountDownLatch done = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                work();
                done.countDown();
              },
              "schedules-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    done.await();
    print();
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError(failed.getMessage(), failed);
    }
  }

  private synchronized void print() {
    long seconds = (System.nanoTime() - begunNs) / 1_000_000_000;
    System.out.println(given + " schedules in " + seconds + " s " + ClusterWorld.DONE);
  }

  private void work() {
    for (Long seed = next(); seed != null; seed = next()) {
      try {
        new ClusterSchedule(seed, brokers, steps).run();
      } catch (Throwable failed) {
        failure.compareAndSet(null, failed);
      }
    }
  }

  private synchronized @org.jspecify.annotations.Nullable Long next() {
    if (given == count || failure.get() != null) {
      return null;
    }
    given++;
    if (given % 1000 == 0) {
      print();
    }
    return seeds.nextLong();
  }
}
