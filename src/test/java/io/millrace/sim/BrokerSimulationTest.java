package io.millrace.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Many seeded schedules of the broker's own code.
 *
 * <p>{@code -Dsim.seed=N} runs one schedule again, {@code -Dsim.schedules=N} that many; {@code
 * bin/simulate} does both, {@link SimulationMain} runs them until one fails.
 */
class BrokerSimulationTest {

  @Test
  void neverLosesReordersOrRepeatsWhatClientsKnow() {
    Long one = Long.getLong("sim.seed");
    if (one != null) {
      new BrokerSchedule(one).run();
      return;
    }
    SimWorld.DONE.clear();
    Random seeds = new Random(Long.getLong("sim.first", 1));
    for (int i = 0; i < Integer.getInteger("sim.schedules", 1000); i++) {
      new BrokerSchedule(seeds.nextLong()).run();
    }
    assertThat(SimWorld.DONE)
        .containsKeys(
            "acknowledged",
            "delivered",
            "assignments",
            "commits",
            "offsets read back",
            "kill",
            "stop",
            "power cut",
            "losses of unflushed records",
            "records compacted away",
            "logs shortened by retention");
  }
}
