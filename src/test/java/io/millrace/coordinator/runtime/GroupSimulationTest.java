package io.millrace.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.SimScheduler;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random members on two brokers that take leadership from each other, while appends are refused,
 * delayed and lost. {@code -Dseeds=N} runs more schedules, {@code -Dseed=S} repeats one.
 */
class GroupSimulationTest {

  static LongStream seeds() {
    Long one = Long.getLong("seed");
    return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("seeds", 200));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverBreaksAPromiseToAMember(long seed) {
    SimScheduler sim = new SimScheduler(seed);
    GroupSim groups = new GroupSim(sim);

    groups.begin();
    for (int ms = 0; ms < 60_000; ms += 5_000) {
      sim.runFor(5_000);
      groups.check();
    }
    groups.calmDown();
    sim.runFor(30_000);

    groups.check();
    groups.checkAtRest();
    assertThat(groups.generations()).isPositive();
  }
}
