package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.partition.ReplicaState.Effect.AdvanceHighWatermark;
import io.millrace.partition.ReplicaState.Effect.ProposeIsr;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicaStateTest {
  private static final long LAG_MS = 30_000;

  private static ReplicaState leader(List<Integer> replicas, List<Integer> isr, int minIsr) {
    Leadership leadership = new Leadership(true, 1, 5, 7, replicas, isr);
    return new ReplicaState(1, leadership, 100, 90, minIsr, LAG_MS, 0);
  }

  @Test
  void movesTheHighWatermarkToTheOwnEndWhenAlone() {
    ReplicaState state = leader(List.of(1), List.of(1), 2);

    assertThat(state.onLocalEnd(110)).isEqualTo(110);
  }

  @Test
  void asksForNoMoreReplicasInSyncThanThereAre() {
    ReplicaState state = leader(List.of(1), List.of(1), 2);

    assertThat(state.hasEnoughInSync()).isTrue();
  }

  @Test
  void neverLowersTheHighWatermark() {
    ReplicaState state = leader(List.of(1), List.of(1), 1);
    state.onLocalEnd(110);

    assertThat(state.onLocalEnd(105)).isEqualTo(110);
  }

  @Test
  void waitsForTheSlowestOfTheIsr() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1, 2, 3), 2);
    state.onLocalEnd(120);
    state.onFollowerFetch(2, 115, 10);

    assertThat(state.onFollowerFetch(3, 110, 10)).containsExactly(new AdvanceHighWatermark(110));
    assertThat(state.highWatermark()).isEqualTo(110);
  }

  @Test
  void standsStillUntilEveryMemberOfTheIsrWasHeardOf() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);

    assertThat(state.onLocalEnd(120)).isEqualTo(90);
  }

  @Test
  void standsStillWhileTheIsrIsSmallerThanTheMinimum() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1), 2);

    assertThat(state.onLocalEnd(120)).isEqualTo(90);
    assertThat(state.hasEnoughInSync()).isFalse();
  }

  @Test
  void goesOnWhenTheMinimumIsLowered() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1), 2);
    state.onLocalEnd(120);

    assertThat(state.onMinInsyncReplicas(1)).containsExactly(new AdvanceHighWatermark(120));
  }

  @Test
  void proposesAFollowerThatReachedTheHighWatermark() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100);

    assertThat(state.onFollowerFetch(2, 100, 10)).contains(new ProposeIsr(Set.of(1, 2), 7));
  }

  @Test
  void proposesOnceWhileAProposalIsUnderWay() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100);
    state.onFollowerFetch(2, 100, 10);

    assertThat(state.onFollowerFetch(2, 100, 11)).isEmpty();
  }

  @Test
  void countsTheWantedIsrWhileAProposalIsUnderWay() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100);
    state.onFollowerFetch(2, 100, 10);

    assertThat(state.onLocalEnd(120)).isEqualTo(100);
  }

  @Test
  void countsTheOldIsrWhileItWantsToShrink() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    state.onFollowerFetch(2, 100, 10);
    state.onLocalEnd(120);

    assertThat(state.onTick(LAG_MS + 11)).containsExactly(new ProposeIsr(Set.of(1), 7));
    assertThat(state.highWatermark()).isEqualTo(100);
  }

  @Test
  void leavesTheSlowOneBehindWhenTheIsrWasShrunk() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    state.onFollowerFetch(2, 100, 10);
    state.onLocalEnd(120);
    state.onTick(LAG_MS + 11);

    assertThat(state.onIsr(List.of(1), 8)).containsExactly(new AdvanceHighWatermark(120));
  }

  @Test
  void keepsAFollowerThatHadEverythingWhenItFetchedLast() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    state.onLocalEnd(100);
    state.onFollowerFetch(2, 90, 10_000);
    state.onLocalEnd(110);
    state.onFollowerFetch(2, 100, 35_000);

    assertThat(state.onTick(LAG_MS + 5_000)).isEmpty();
    assertThat(state.onTick(LAG_MS + 10_001)).containsExactly(new ProposeIsr(Set.of(1), 7));
  }

  @Test
  void keepsAFollowerThatIsAtTheEndHoweverLongNothingComes() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    state.onLocalEnd(100);
    state.onFollowerFetch(2, 100, 10);

    assertThat(state.onTick(100 * LAG_MS)).isEmpty();
  }

  @Test
  void goesBackToTheDecidedIsrWhenTheProposalIsRefused() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100);
    state.onFollowerFetch(2, 100, 10);
    state.onLocalEnd(120);

    assertThat(state.onIsrRefused()).containsExactly(new AdvanceHighWatermark(120));
  }

  @Test
  void passesOverAnOlderIsr() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    state.onIsr(List.of(1), 9);

    state.onIsr(List.of(1, 2), 8);

    assertThat(state.isr()).containsExactly(1);
  }

  @Test
  void passesOverAFetchOfABrokerThatHoldsNoReplica() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);

    assertThat(state.onFollowerFetch(9, 100, 10)).isEmpty();
  }
}
