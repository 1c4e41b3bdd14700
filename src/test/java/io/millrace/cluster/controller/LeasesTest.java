package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private final Leases leases = new Leases(3000, 500);

  LeasesTest() {
    leases.begin(0);
  }

  /** Ticks in time until then; what has ended at the last one. */
  private List<Integer> tickUntil(long fromMs, long untilMs) {
    List<Integer> ended = List.of();
    for (long nowMs = fromMs; nowMs <= untilMs; nowMs += 250) {
      ended = leases.tick(List.of(1, 2), nowMs);
    }
    return ended;
  }

  @Test
  void endsWhoIsSilentForALease() {
    leases.heard(1, 0);
    leases.heard(2, 0);
    tickUntil(250, 2500);
    leases.heard(2, 2600);

    assertThat(tickUntil(2750, 2750)).isEmpty();
    assertThat(tickUntil(3000, 3000)).containsExactly(1);
    assertThat(leases.lasts(2, 3000)).isTrue();
  }

  @Test
  void grantsAFullLeaseToThoseWhomANewControllerHasNotHeard() {
    assertThat(tickUntil(250, 3000)).isEmpty();
    assertThat(tickUntil(3250, 3250)).containsExactly(1, 2);
  }

  @Test
  void addsTheTimeInWhichItStoodStillItself() {
    leases.heard(1, 0);
    leases.heard(2, 0);
    tickUntil(250, 1000);

    assertThat(leases.tick(List.of(1, 2), 11_000)).isEmpty();
    assertThat(tickUntil(11_250, 12_750)).isEmpty();
    assertThat(tickUntil(13_000, 13_000)).containsExactly(1, 2);
  }

  @Test
  void beginsAnewWithEachOffice() {
    leases.heard(1, 0);
    tickUntil(250, 2000);

    leases.begin(2000);

    assertThat(leases.lasts(1, 2000)).isFalse();
    assertThat(tickUntil(2250, 5000)).isEmpty();
  }

  @Test
  void tellsHowLongABrokerIsSilent() {
    leases.heard(1, 100);

    assertThat(leases.silentMs(1, 700)).isEqualTo(600);
    assertThat(leases.silentMs(2, 700)).isEqualTo(3000);
  }
}
