package io.millrace.storage.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.LogConfig;
import io.millrace.storage.log.SegmentView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CleanPlanTest {
  private static final long NOW = 1_000_000;

  private static final List<SegmentView> SEGMENTS =
      List.of(
          sealed(0, 10, 100, 1_000),
          sealed(10, 20, 100, 2_000),
          sealed(20, 30, 100, 3_000),
          new SegmentView(30, 35, 50, 4_000, true, Path.of("30.log")));

  private static SegmentView sealed(long base, long end, long bytes, long timestampMs) {
    return new SegmentView(base, end, bytes, timestampMs, false, Path.of(base + ".log"));
  }

  private static LogConfig config(String... keyValues) {
    Map<String, String> set = new java.util.HashMap<>(Map.of("cleanup.policy", "compact"));
    for (int i = 0; i < keyValues.length; i += 2) {
      set.put(keyValues[i], keyValues[i + 1]);
    }
    return LogConfig.of(set);
  }

  @Test
  void reachesFromTheCheckpointToTheActiveSegment() {
    assertThat(CleanPlan.of(SEGMENTS, 10, 0, 35, config(), NOW))
        .isEqualTo(new CleanPlan(10, 30, 100, 200, false));
  }

  @Test
  void endsAtTheLastStableOffset() {
    assertThat(CleanPlan.of(SEGMENTS, 10, 0, 25, config(), NOW).endOffset()).isEqualTo(25);
  }

  @Test
  void beginsAtTheFirstSegmentWhenTheCheckpointIsOfAnotherLog() {
    assertThat(CleanPlan.of(SEGMENTS, -1, 0, 35, config(), NOW).firstDirtyOffset()).isZero();
    assertThat(CleanPlan.of(SEGMENTS, 99, 0, 35, config(), NOW).firstDirtyOffset()).isZero();
  }

  @Test
  void leavesOutWhatIsYoungerThanTheMinimumLag() {
    LogConfig lag = config("min.compaction.lag.ms", "5000");
    assertThat(CleanPlan.of(SEGMENTS, 0, 0, 35, lag, 7_500).endOffset()).isEqualTo(20);
  }

  @Test
  void isDueByDirtyRatio() {
    CleanPlan half = CleanPlan.of(SEGMENTS, 10, 0, 20, config(), NOW);
    assertThat(half.dirtyRatio()).isEqualTo(0.5);
    assertThat(half.isDue(config("min.cleanable.dirty.ratio", "0.4"))).isTrue();
    assertThat(half.isDue(config("min.cleanable.dirty.ratio", "0.5"))).isFalse();
  }

  @Test
  void isDueByTheMaximumLagWhateverTheRatio() {
    LogConfig lag =
        config(
            "max.compaction.lag.ms", "5000", "min.cleanable.dirty.ratio", "1", "segment.ms", "1");
    assertThat(CleanPlan.of(SEGMENTS, 20, 0, 35, lag, 8_001).isDue(lag)).isTrue();
    assertThat(CleanPlan.of(SEGMENTS, 20, 0, 35, lag, 7_999).isDue(lag)).isFalse();
  }

  @Test
  void leavesOutWhatIsYoungerThanTheMinimumLagThoughTheMaximumIsLess() {
    LogConfig lags = config("min.compaction.lag.ms", "5000", "max.compaction.lag.ms", "10");
    CleanPlan plan = CleanPlan.of(SEGMENTS, 0, 0, 35, lags, 7_500);

    assertThat(plan.endOffset()).isEqualTo(20);
    assertThat(plan.isDue(lags)).isTrue();
  }

  @Test
  void isNothingWhenAllIsClean() {
    assertThat(CleanPlan.of(SEGMENTS, 30, 0, 35, config(), NOW)).isNull();
    assertThat(CleanPlan.of(List.of(), -1, 0, 0, config(), NOW)).isNull();
  }
}
