package io.millrace.push.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.SimScheduler;
import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pages and TCP members in one group of the real coordinator: they come, go, are loaded again and
 * stall; calls are delayed and lost; the coordinator moves. {@code -Dseeds=N} runs more schedules,
 * {@code -Dseed=S} repeats one.
 */
class MemberSimulationTest {

  static LongStream seeds() {
    Long one = Long.getLong("seed");
    return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("seeds", 200));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverDeliversTwiceInOneGenerationAndAlwaysComesToRest(long seed) {
    SimScheduler sim = new SimScheduler(seed);
    MemberWorld world = new MemberWorld(sim);
    List<SimBrowser> browsers = new ArrayList<>();
    List<SimTcpMember> others = new ArrayList<>();
    browsers.add(new SimBrowser(world, "page", false));
    browsers.add(new SimBrowser(world, "tab", true));
    if (seed % 3 > 0) {
      others.add(new SimTcpMember(world, "java", Set.of("range", "cooperative-sticky")));
    }
    if (seed % 3 > 1) {
      others.add(new SimTcpMember(world, "kcat", Set.of("range", "roundrobin")));
    }
    browsers.forEach(browser -> browser.openAfter(sim.random().nextInt(3_000)));
    others.forEach(other -> other.startAfter(sim.random().nextInt(3_000)));

    for (int i = 0; i < 10; i++) {
      sim.runFor(4_000);
      world.check();
      if (sim.random().nextInt(3) == 0) {
        world.failOver();
      }
      if (i == 5) {
        world.growTopic();
      }
    }
    world.calm = true;
    sim.runFor(40_000);

    world.check();
    assertThat(world.described().groupState()).as("seed %s", seed).isEqualTo("Stable");
    assertThat(browsers).as("seed %s", seed).allMatch(SimBrowser::isOpen);
    List<TopicPartition> delivering =
        Stream.concat(
                browsers.stream().flatMap(browser -> browser.delivering().stream()),
                others.stream().flatMap(other -> other.delivering().stream()))
            .toList();
    assertThat(delivering)
        .as("seed %s, browsers %s", seed, browsers)
        .hasSize(world.partitions())
        .doesNotHaveDuplicates();
    assertThat(world.deliveries()).isPositive();
    assertThat(world.commits()).isPositive();
  }
}
