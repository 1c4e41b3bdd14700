package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Random histories of three replicas: processes that die, power that goes, leaders that change,
 * links that break. A failure names its seed; {@code -Dreplication.seed=N} runs that one alone.
 */
class ReplicationSimulationTest {
  private static final int HISTORIES = Integer.getInteger("replication.histories", 60);

  @Test
  void neverLosesWhatAllInSyncHad() {
    run(Map.of("min.insync.replicas", "2"), false);
  }

  @Test
  void neverLosesWhatWasFlushedOnAllWhenPowerGoes() {
    run(Map.of("min.insync.replicas", "2", "flush.messages", "1"), true);
  }

  @Test
  void neverLosesWhatSmallSegmentsHeld() {
    run(Map.of("min.insync.replicas", "1", "segment.bytes", "600"), false);
  }

  private static void run(Map<String, String> topicConfig, boolean powerCuts) {
    Long one = Long.getLong("replication.seed");
    long acknowledged = 0;
    for (long seed = one == null ? 1 : one; seed <= (one == null ? HISTORIES : one); seed++) {
      ReplicationHistory history = new ReplicationHistory(seed, topicConfig, powerCuts);
      try {
        history.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + " with " + topicConfig, e);
      }
      acknowledged += history.acknowledged();
    }
    assertThat(acknowledged).isPositive();
  }
}
