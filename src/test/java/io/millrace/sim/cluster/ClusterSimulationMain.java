package io.millrace.sim.cluster;

import java.util.Random;

/**
 * Runs schedules of a cluster until one fails: {@code ClusterSimulationMain brokers steps count
 * first}, or one again: {@code ClusterSimulationMain brokers steps --seed seed}.
 */
public final class ClusterSimulationMain {
  private ClusterSimulationMain() {}

  /** Prints what it does; ends with a stack trace that names the seed when a schedule fails. */
  public static void main(String[] args) {
    int brokers = Integer.parseInt(args[0]);
    int steps = Integer.parseInt(args[1]);
    if (args[2].equals("--seed")) {
      new ClusterSchedule(Long.parseLong(args[3]), brokers, steps).run();
      System.out.println("held");
      return;
    }
    long count = Long.parseLong(args[2]);
    Random seeds = new Random(Long.parseLong(args[3]));
    long begun = System.nanoTime();
    for (long i = 1; i <= count; i++) {
      new ClusterSchedule(seeds.nextLong(), brokers, steps).run();
      if (i % 100 == 0 || i == count) {
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        System.out.println(i + " schedules in " + seconds + " s " + ClusterWorld.DONE);
      }
    }
  }
}
