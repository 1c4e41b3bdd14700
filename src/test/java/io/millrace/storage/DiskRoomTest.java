package io.millrace.storage;

import static io.millrace.storage.DiskRoom.FOR_ALL;
import static io.millrace.storage.DiskRoom.FOR_INTERNAL;
import static io.millrace.storage.DiskRoom.FOR_NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskRoomTest {
  private static final long RESERVE = 1000;

  @Test
  void refusesClientsBelowTheFirstLineAndEverybodyBelowTheSecond() {
    assertThat(FOR_ALL.when(1000, RESERVE)).isEqualTo(FOR_ALL);
    assertThat(FOR_ALL.when(999, RESERVE)).isEqualTo(FOR_INTERNAL);
    assertThat(FOR_ALL.when(250, RESERVE)).isEqualTo(FOR_INTERNAL);
    assertThat(FOR_ALL.when(249, RESERVE)).isEqualTo(FOR_NOTHING);
  }

  @Test
  void takesAgainWhatItRefusedWhenALittleMoreIsFree() {
    assertThat(FOR_INTERNAL.when(1124, RESERVE)).isEqualTo(FOR_INTERNAL);
    assertThat(FOR_INTERNAL.when(1125, RESERVE)).isEqualTo(FOR_ALL);
    assertThat(FOR_NOTHING.when(280, RESERVE)).isEqualTo(FOR_NOTHING);
    assertThat(FOR_NOTHING.when(281, RESERVE)).isEqualTo(FOR_INTERNAL);
  }

  @Test
  void internalTopicsNeedOnlyTheSecondLine() {
    assertThat(FOR_INTERNAL.isFor(true)).isTrue();
    assertThat(FOR_INTERNAL.isFor(false)).isFalse();
    assertThat(FOR_NOTHING.isFor(true)).isFalse();
  }
}
