package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Many seeded schedules of a cluster's own code.
 *
 * <p>{@code -Dsim.seed=N} runs one schedule again, {@code -Dsim.schedules=N} that many; {@code
 * bin/simulate --cluster} does both; {@code -Dsim.brokers=N} is for N brokers.
 */
class ClusterSimulationTest {
  private static final int BROKERS = Integer.getInteger("sim.brokers", 3);

  @Test
  void neverBreaksWhatThreeBrokersPromise() throws InterruptedException {
    Long one = Long.getLong("sim.seed");
    if (one != null) {
      new ClusterSchedule(one, BROKERS, ClusterSchedule.STEPS).run();
      return;
    }
    ClusterWorld.DONE.clear();
    int count = Integer.getInteger("sim.schedules", 1_000);
    new Schedules(BROKERS, ClusterSchedule.STEPS, count, Long.getLong("sim.first", 1)).run();
    assertThat(ClusterWorld.DONE)
        .containsKeys(
            "acknowledged",
            "delivered",
            "assignments",
            "places of browsers",
            "commits",
            "offsets read back",
            "topics created",
            "kill",
            "stopped",
            "power cut of",
            "disk of  is lost",
            "pause",
            "cut from  to",
            "the log changes its leader");
  }

  @Test
  void neverLosesWhatABrokerAlonePromised() throws InterruptedException {
    ClusterWorld.DONE.clear();
    new Schedules(1, ClusterSchedule.STEPS, 30, 1).run();
    assertThat(ClusterWorld.DONE).containsKeys("acknowledged", "delivered", "assignments", "kill");
  }
}
