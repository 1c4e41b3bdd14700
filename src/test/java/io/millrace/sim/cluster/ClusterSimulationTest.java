package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Many seeded schedules of a cluster's own code.
 *
 * <p>{@code -Dsim.seed=N} runs one schedule again, {@code -Dsim.schedules=N} that many, {@code
 * -Dsim.steps=N} makes them longer; {@code bin/simulate --cluster} does all three.
 */
class ClusterSimulationTest {
  private static final int STEPS = Integer.getInteger("sim.steps", 60);

  @Test
  void neverLosesWhatABrokerAlonePromised() {
    ClusterWorld.DONE.clear();
    Random seeds = new Random(Long.getLong("sim.first", 1));
    for (int i = 0; i < 50; i++) {
      new ClusterSchedule(seeds.nextLong(), 1, STEPS).run();
    }
    assertThat(ClusterWorld.DONE).containsKeys("acknowledged", "delivered", "assignments", "kill");
  }
}
