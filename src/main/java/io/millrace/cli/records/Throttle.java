package io.millrace.cli.records;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;

/** Keeps work to a rate, approximately. Confined to: the thread that works. */
public final class Throttle {
  /** Pauses shorter than this are saved up, since a sleep is never exact. */
  private static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long PAUSED_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final double perSecond;
  private final long beginNs = System.nanoTime();

  /**
   * A rate.
   *
   * @param perSecond units per second; below zero for none; zero for standing still
   */
  public Throttle(double perSecond) {
    this.perSecond = perSecond;
  }

  /**
   * Waits until the next unit is due.
   *
   * @param done units so far
   */
  public void await(long done) {
    if (perSecond < 0) {
      return;
    }
    if (perSecond == 0) {
      sleep(PAUSED_NS);
      return;
    }
    long dueNs = (long) (done / perSecond * TimeUnit.SECONDS.toNanos(1));
    long aheadNs = dueNs - (System.nanoTime() - beginNs);
    if (aheadNs >= SHORTEST_NS) {
      sleep(aheadNs);
    }
  }

  private static void sleep(long ns) {
    try {
      TimeUnit.NANOSECONDS.sleep(ns);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
