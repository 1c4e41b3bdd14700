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
    return new ReplicaState(1, leadership, 95, 100, 90, minIsr, LAG_MS, 0);
  }

  /** All brokers are alive, each with its id times ten as the epoch of its registration. */
  private static final BrokerEpochs ALIVE = id -> id * 10L;

  private static List<ReplicaState.Effect> fetched(
      ReplicaState state, int replica, long offset, long nowMs) {
    return state.onFollowerFetch(
        new ReplicaState.Progress(replica, replica * 10L, offset, 0, true), ALIVE, nowMs);
  }

  private static List<ReplicaState.Effect> fetchedWithoutRoom(
      ReplicaState state, int replica, long offset) {
    return state.onFollowerFetch(
        new ReplicaState.Progress(replica, replica * 10L, offset, 0, false), ALIVE, 10);
  }

  @Test
  void doesNotWaitForAFollowerWhoseDiskIsFull() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1, 2, 3), 2);
    state.onLocalEnd(120, 0);
    fetched(state, 3, 120, 10);

    assertThat(fetchedWithoutRoom(state, 2, 100))
        .containsExactly(new AdvanceHighWatermark(100), new ProposeIsr(Set.of(1, 3), 7));
    assertThat(state.onIsr(List.of(1, 3), 8)).containsExactly(new AdvanceHighWatermark(120));
  }

  @Test
  void keepsAFollowerThatIsAlwaysALittleBehindHoweverOftenItFetches() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    long behind = 10;
    for (int i = 0; i < 5000; i++) {
      state.onLocalEnd(200 + i, 10L * i);
      fetched(state, 2, Math.max(100, 200 + i - behind), 10L * i);
    }

    assertThat(state.onTick(ALIVE, 50_000)).isEmpty();
  }

  @Test
  void takesAFollowerInOnlyWhenItHasRoom() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100, 0);

    assertThat(fetchedWithoutRoom(state, 2, 100)).isEmpty();
    assertThat(fetched(state, 2, 100, 11)).contains(new ProposeIsr(Set.of(1, 2), 7));
  }

  @Test
  void handsLeadershipOverWhenItsOwnDiskIsFullAndTheOthersLackNothing() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1, 2, 3), 2);
    state.onLocalEnd(120, 0);
    fetched(state, 2, 120, 10);

    assertThat(state.onOwnRoom(false, ALIVE)).isEmpty();
    assertThat(fetched(state, 3, 110, 11)).doesNotContain(new ProposeIsr(Set.of(2, 3), 7));
    assertThat(fetched(state, 3, 120, 12)).contains(new ProposeIsr(Set.of(2, 3), 7));
  }

  @Test
  void handsLeadershipToThoseOnlyWhoHaveRoom() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1, 2, 3), 2);
    fetched(state, 2, 100, 10);
    state.onOwnRoom(false, ALIVE);

    assertThat(fetchedWithoutRoom(state, 3, 100)).contains(new ProposeIsr(Set.of(2), 7));
  }

  @Test
  void keepsLeadershipWhenNobodyElseIsInSync() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    fetched(state, 2, 100, 10);

    assertThat(fetchedWithoutRoom(state, 2, 100)).containsExactly(new ProposeIsr(Set.of(1), 7));
    state.onIsr(List.of(1), 8);
    assertThat(state.onOwnRoom(false, ALIVE)).isEmpty();
  }

  @Test
  void movesTheHighWatermarkToTheOwnEndWhenAlone() {
    ReplicaState state = leader(List.of(1), List.of(1), 2);

    assertThat(state.onLocalEnd(110, 0)).isEqualTo(110);
  }

  @Test
  void asksForNoMoreReplicasInSyncThanThereAre() {
    ReplicaState state = leader(List.of(1), List.of(1), 2);

    assertThat(state.hasEnoughInSync()).isTrue();
  }

  @Test
  void neverLowersTheHighWatermark() {
    ReplicaState state = leader(List.of(1), List.of(1), 1);
    state.onLocalEnd(110, 0);

    assertThat(state.onLocalEnd(105, 0)).isEqualTo(110);
  }

  @Test
  void waitsForTheSlowestOfTheIsr() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1, 2, 3), 2);
    state.onLocalEnd(120, 0);
    fetched(state, 2, 115, 10);

    assertThat(fetched(state, 3, 110, 10)).containsExactly(new AdvanceHighWatermark(110));
    assertThat(state.highWatermark()).isEqualTo(110);
  }

  @Test
  void standsStillUntilEveryMemberOfTheIsrWasHeardOf() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);

    assertThat(state.onLocalEnd(120, 0)).isEqualTo(90);
  }

  @Test
  void standsStillWhileTheIsrIsSmallerThanTheMinimum() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1), 2);

    assertThat(state.onLocalEnd(120, 0)).isEqualTo(90);
    assertThat(state.hasEnoughInSync()).isFalse();
  }

  @Test
  void goesOnWhenTheMinimumIsLowered() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1), 2);
    state.onLocalEnd(120, 0);

    assertThat(state.onMinInsyncReplicas(1)).containsExactly(new AdvanceHighWatermark(120));
  }

  @Test
  void proposesAFollowerThatReachedTheHighWatermark() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100, 0);

    assertThat(fetched(state, 2, 100, 10)).contains(new ProposeIsr(Set.of(1, 2), 7));
  }

  @Test
  void proposesOnceWhileAProposalIsUnderWay() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100, 0);
    fetched(state, 2, 100, 10);

    assertThat(fetched(state, 2, 100, 11)).isEmpty();
  }

  @Test
  void countsTheWantedIsrWhileAProposalIsUnderWay() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100, 0);
    fetched(state, 2, 100, 10);

    assertThat(state.onLocalEnd(120, 0)).isEqualTo(100);
  }

  @Test
  void countsTheOldIsrWhileItWantsToShrink() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    fetched(state, 2, 100, 10);
    state.onLocalEnd(120, 0);

    assertThat(state.onTick(ALIVE, LAG_MS + 11)).containsExactly(new ProposeIsr(Set.of(1), 7));
    assertThat(state.highWatermark()).isEqualTo(100);
  }

  @Test
  void leavesTheSlowOneBehindWhenTheIsrWasShrunk() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    fetched(state, 2, 100, 10);
    state.onLocalEnd(120, 0);
    state.onTick(ALIVE, LAG_MS + 11);

    assertThat(state.onIsr(List.of(1), 8)).containsExactly(new AdvanceHighWatermark(120));
  }

  @Test
  void keepsAFollowerThatHadEverythingWhenItFetchedLast() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    state.onLocalEnd(100, 0);
    fetched(state, 2, 90, 10_000);
    state.onLocalEnd(110, 0);
    fetched(state, 2, 100, 35_000);

    assertThat(state.onTick(ALIVE, LAG_MS + 5_000)).isEmpty();
    assertThat(state.onTick(ALIVE, LAG_MS + 10_001)).containsExactly(new ProposeIsr(Set.of(1), 7));
  }

  @Test
  void keepsAFollowerThatIsAtTheEndHoweverLongNothingComes() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    state.onLocalEnd(100, 0);
    fetched(state, 2, 100, 10);

    assertThat(state.onTick(ALIVE, 100 * LAG_MS)).isEmpty();
  }

  @Test
  void goesBackToTheDecidedIsrWhenTheProposalIsRefused() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    state.onLocalEnd(100, 0);
    fetched(state, 2, 100, 10);
    state.onLocalEnd(120, 0);

    assertThat(state.onIsrRefused(7)).containsExactly(new AdvanceHighWatermark(120));
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

    assertThat(fetched(state, 9, 100, 10)).isEmpty();
  }

  @Test
  void proposesNoFollowerThatLacksWhatTheLogHeldWhenTheLeaderBegan() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 2);

    assertThat(fetched(state, 2, 94, 10)).isEmpty();
    assertThat(fetched(state, 2, 95, 20)).containsExactly(new ProposeIsr(Set.of(1, 2), 7));
  }

  @Test
  void proposesNoFollowerThatIsFencedUntilItIsNot() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    BrokerEpochs fenced = id -> -1;

    List<ReplicaState.Effect> effects =
        state.onFollowerFetch(new ReplicaState.Progress(2, 20, 100, 0, true), fenced, 10);

    assertThat(effects).doesNotHaveAnyElementsOfTypes(ProposeIsr.class);
    assertThat(state.onBrokers(ALIVE)).containsExactly(new ProposeIsr(Set.of(1, 2), 7));
  }

  @Test
  void proposesNoFollowerThatIsAboutToStop() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    BrokerEpochs leaving =
        new BrokerEpochs() {
          @Override
          public long ofAlive(int brokerId) {
            return ALIVE.ofAlive(brokerId);
          }

          @Override
          public boolean isLeaving(int brokerId) {
            return brokerId == 2;
          }
        };

    List<ReplicaState.Effect> effects =
        state.onFollowerFetch(new ReplicaState.Progress(2, 20, 100, 0, true), leaving, 10);

    assertThat(effects).doesNotHaveAnyElementsOfTypes(ProposeIsr.class);
  }

  @Test
  void proposesNoFollowerOfARegistrationThatIsOver() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);

    List<ReplicaState.Effect> effects =
        state.onFollowerFetch(new ReplicaState.Progress(2, 19, 100, 0, true), ALIVE, 10);

    assertThat(effects).doesNotHaveAnyElementsOfTypes(ProposeIsr.class);
  }

  @Test
  void proposesWhoCaughtUpWhileAnotherProposalWasUnderWay() {
    ReplicaState state = leader(List.of(1, 2, 3), List.of(1), 1);
    fetched(state, 2, 100, 10);
    fetched(state, 3, 100, 10);
    state.onIsr(List.of(1, 2), 8);

    assertThat(state.onBrokers(ALIVE)).containsExactly(new ProposeIsr(Set.of(1, 2, 3), 8));
  }

  @Test
  void countsTimeBehindFromTheRecordThatAFollowerAtTheEndDoesNotHave() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    fetched(state, 2, 100, 10);
    state.onLocalEnd(101, 10 * LAG_MS);

    assertThat(state.onTick(ALIVE, 11 * LAG_MS)).isEmpty();
    assertThat(state.onTick(ALIVE, 11 * LAG_MS + 1)).hasSize(1);
  }

  @Test
  void takesInAReplicaThatIsAddedWhileItLeads() {
    ReplicaState state = leader(List.of(1, 2), List.of(1, 2), 1);
    fetched(state, 2, 100, 10);
    state.onPartition(new Leadership(true, 1, 5, 8, List.of(1, 2, 3), List.of(1, 2)), ALIVE, 20);

    assertThat(fetched(state, 3, 100, 30)).containsExactly(new ProposeIsr(Set.of(1, 2, 3), 8));
  }

  @Test
  void keepsWhatIsWantedWhenTheRefusalIsOfAnotherPartitionEpoch() {
    ReplicaState state = leader(List.of(1, 2), List.of(1), 1);
    fetched(state, 2, 100, 10);
    state.onIsrRefused(6);

    assertThat(state.onLocalEnd(120, 20)).isEqualTo(100);
  }
}
