package io.millrace.sim;

import java.util.Random;

/**
 * Runs many schedules until one fails: {@code SimulationMain [first seed [count]]}. Without a count
 * it runs until it is stopped.
 */
public final class SimulationMain {

  private SimulationMain() {}

  /** Prints what it does; ends with a stack trace that names the seed when a schedule fails. */
  public static void main(String[] args) {
    long first = args.length > 0 ? Long.parseLong(args[0]) : 1;
    long count = args.length > 1 ? Long.parseLong(args[1]) : Long.MAX_VALUE;
    Random seeds = new Random(first);
    for (long i = 1; i <= count; i++) {
      new BrokerSchedule(seeds.nextLong()).run();
      if (i % 100 == 0) {
        System.out.println(i + " schedules " + SimWorld.DONE);
      }
    }
  }
}
