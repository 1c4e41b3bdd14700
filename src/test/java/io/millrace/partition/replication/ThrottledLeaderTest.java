package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.ConfigChanged;
import io.millrace.metadata.ConfigScope;
import io.millrace.partition.AppendOutcome;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Broker 1 leads with a throttle (KIP-73), 2 is in sync, 3 was away and catches up. */
class ThrottledLeaderTest {
  private static final String RATE = "leader.replication.throttled.rate";
  private static final int BYTES_PER_SECOND = 1000;
  private static final int RECORDS = 60;

  private final ReplicaWorld world = new ReplicaWorld(11, 3, 3_000, Map.of()).start(1);

  ThrottledLeaderTest() {
    world.settle(0);
    world.nodes.get(3).kill();
    world.controller.fence(3);
    for (int i = 0; i < RECORDS; i++) {
      append("v" + i);
    }
    world.controller.decide(
        new ConfigChanged(
            ConfigScope.topic(ReplicaWorld.TOPIC),
            Map.of("leader.replication.throttled.replicas", "0:1"),
            Set.of()));
    world.controller.decide(
        new ConfigChanged(
            ConfigScope.broker(1), Map.of(RATE, String.valueOf(BYTES_PER_SECOND)), Set.of()));
    world.sim.runFor(1000);
  }

  private AppendOutcome append(String value) {
    return world.sim.await(world.nodes.get(1).append(0, -1, value), ReplicaWorld.PATIENCE_MS);
  }

  private long nowMs() {
    return world.sim.clock().wallMs();
  }

  private long bytesOfLog() {
    return world.nodes.get(1).partition(0).view().sizeBytes();
  }

  @Test
  void sendsNoFasterThanItsRateToAReplicaThatCatchesUp() {
    long bytes = bytesOfLog();
    long beforeMs = nowMs();

    world.nodes.get(3).launch();
    world.settle(0);

    // The first answer and the last one are not waited for.
    assertThat(nowMs() - beforeMs).isGreaterThan((bytes - 1000) * 1000 / BYTES_PER_SECOND);
    assertThat(world.nodes.get(3).read(0)).isEqualTo(world.nodes.get(1).read(0));
  }

  @Test
  void keepsNobodyWaitingWhoIsInSync() {
    world.nodes.get(3).launch();
    world.sim.runFor(1000);
    long beforeMs = nowMs();

    AppendOutcome outcome = append("one more");

    assertThat(outcome.error()).isEqualTo(Errors.NONE);
    assertThat(nowMs() - beforeMs).isLessThan(500);
  }

  @Test
  void goesOnAtOnceWhenTheThrottleIsTakenAway() {
    world.nodes.get(3).launch();
    world.sim.runFor(1000);
    long beforeMs = nowMs();

    world.controller.decide(new ConfigChanged(ConfigScope.broker(1), Map.of(), Set.of(RATE)));
    world.settle(0);

    assertThat(nowMs() - beforeMs).isLessThan(2000);
  }
}
