package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Many seeded schedules of a cluster's own code.
 *
 * <p>{@code -Dsim.seed=N} runs one schedule again, {@code -Dsim.schedules=N} that many; {@code
 * bin/simulate --cluster} does both.
 */
class ClusterSimulationTest {

  @Test
  void neverLosesWhatABrokerAlonePromised() throws InterruptedException {
    ClusterWorld.DONE.clear();
    new Schedules(1, ClusterSchedule.STEPS, 50, 1).run();
    assertThat(ClusterWorld.DONE).containsKeys("acknowledged", "delivered", "assignments", "kill");
  }
}
