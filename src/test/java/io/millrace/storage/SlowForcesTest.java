package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicPartition;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** When it is told that a disk is slow. */
class SlowForcesTest {
  private static final TopicPartition LOG = new TopicPartition("orders", 0);
  private final SlowForces disk = new SlowForces(Path.of("data"));

  @Test
  void aForceThatHangsIsToldOfOnceWhileItHangs() {
    assertThat(disk.isForced(LOG, 4_000, 10_000)).isFalse();
    assertThat(disk.isForced(LOG, 9_000, 15_000)).isTrue();
    assertThat(disk.isForced(LOG, 14_000, 20_000)).isFalse();
    assertThat(disk.forced(LOG, 16_000, 22_000)).isFalse();
  }

  @Test
  void aForceThatNobodyLookedAtIsToldOfAtItsEnd() {
    assertThat(disk.forced(LOG, 5_500, 10_000)).isTrue();
  }

  @Test
  void aDiskThatIsSlowNowAndThenIsToldOfOnce() {
    disk.forced(LOG, 6_000, 10_000);

    for (long nowMs = 20_000; nowMs < 600_000; nowMs += 20_000) {
      assertThat(disk.forced(LOG, 10, nowMs)).isFalse();
      assertThat(disk.forced(LOG, 6_000, nowMs + 10_000)).isFalse();
    }
  }

  @Test
  void aDiskThatWasQuickForAMinuteIsToldOfAnew() {
    disk.forced(LOG, 6_000, 10_000);

    assertThat(disk.forced(LOG, 10, 69_000)).isFalse();
    assertThat(disk.forced(LOG, 10, 70_000)).isTrue();
    assertThat(disk.forced(LOG, 10, 71_000)).isFalse();
    assertThat(disk.forced(LOG, 6_000, 80_000)).isTrue();
  }
}
