package io.millrace.sim.cluster;

import java.util.Random;

/** Runs schedules until one fails, and says which checker found what. Stateless. */
public final class Hunt {
  private Hunt() {}

  /**
   * Runs at most {@code count} schedules.
   *
   * @return number of schedules, then the checker that found something, or {@code none}
   */
  public static String run(int brokers, int steps, int count, long first) {
    Random seeds = new Random(first);
    for (int i = 1; i <= count; i++) {
      try {
        new ClusterSchedule(seeds.nextLong(), brokers, steps).run();
      } catch (AssertionError failure) {
        Violation violation = Violation.in(failure);
        return i + " " + (violation == null ? "fault" : violation.checker());
      }
    }
    return count + " none";
  }
}
