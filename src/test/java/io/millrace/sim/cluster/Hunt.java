package io.millrace.sim.cluster;

import java.util.Random;

/** Runs schedules until one fails, and says which checker found what. Stateless. */
public final class Hunt {
  private Hunt() {}

  /**
   * Runs at most {@code count} schedules.
   *
   * @return number of schedules; then the checker that found something, the seed and what it said
   *     in its first line; or {@code none}
   */
  public static String run(int brokers, int steps, int count, long first) {
    Random seeds = new Random(first);
    for (int i = 1; i <= count; i++) {
      long seed = seeds.nextLong();
      try {
        new ClusterSchedule(seed, brokers, steps).run();
      } catch (AssertionError failure) {
        Violation violation = Violation.in(failure);
        String checker = violation == null ? "fault" : violation.checker();
        Throwable said = violation == null ? failure : violation;
        String line = String.valueOf(said.getMessage()).lines().findFirst().orElse("");
        return i + " " + checker + " " + seed + " " + line;
      }
    }
    return count + " none";
  }
}
