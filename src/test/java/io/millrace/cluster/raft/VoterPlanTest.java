package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.MetadataQuorum.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VoterPlanTest {
  private final List<Peer> voters = new ArrayList<>(List.of(peer(0)));
  private final List<Peer> observers = new ArrayList<>();
  private final List<Peer> joining = new ArrayList<>();
  private final Set<Peer> lagging = new HashSet<>();
  private final Set<Peer> answering = new HashSet<>();
  private final Set<Peer> gone = new HashSet<>();
  private final Set<Peer> forgotten = new HashSet<>();

  @Test
  void takesInOneBrokerAfterTheOther() {
    joining.addAll(List.of(peer(1), peer(2)));

    settle(1);

    assertThat(voters).containsExactly(peer(0));
    assertThat(observers).containsExactly(peer(1));
  }

  @Test
  void keepsOneVoterWhileThereAreTwoBrokers() {
    observers.add(peer(1));

    assertThat(next()).isEmpty();
  }

  @Test
  void waitsUntilTwoObserversHaveCaughtUp() {
    observers.addAll(List.of(peer(1), peer(2)));
    lagging.add(peer(2));

    assertThat(next()).isEmpty();
  }

  @Test
  void makesThreeVotersOfThreeBrokers() {
    observers.addAll(List.of(peer(1), peer(2)));

    settle(10);

    assertThat(voters).containsExactlyInAnyOrder(peer(0), peer(1), peer(2));
    assertThat(observers).isEmpty();
  }

  @Test
  void goesOnFromTwoVotersWithWhoeverHasCaughtUp() {
    voters.add(peer(1));
    observers.addAll(List.of(peer(2), peer(3)));
    lagging.add(peer(2));

    settle(10);

    assertThat(voters).containsExactlyInAnyOrder(peer(0), peer(1), peer(3));
    assertThat(observers).containsExactly(peer(2));
  }

  @Test
  void neverNamesOnePeerTwiceInBothHalvesOfAChange() {
    observers.addAll(List.of(peer(1), peer(2), peer(3)));
    for (Optional<VoterPlan.Step> step = next(); step.isPresent(); step = next()) {
      RaftMember.Configuration leaves = step.get().next();
      assertThat(leaves.voters()).isEqualTo(voters);
      take(leaves);
      RaftMember.Configuration enters = plan().entering(step.get().entering().orElseThrow());
      assertThat(enters.observers()).isEqualTo(observers);
      take(enters);
    }
    assertThat(voters).hasSize(3);
  }

  @Test
  void keepsThreeVotersWhenMoreBrokersCome() {
    voters.addAll(List.of(peer(1), peer(2)));
    observers.add(peer(3));

    assertThat(next()).isEmpty();
  }

  @Test
  void exchangesAVoterThatIsGone() {
    voters.addAll(List.of(peer(1), peer(2)));
    observers.add(peer(3));
    gone.add(peer(1));

    settle(10);

    assertThat(voters).containsExactlyInAnyOrder(peer(0), peer(2), peer(3));
  }

  @Test
  void neverHasFewerVotersWhenOneIsGoneAndNobodyTakesItsPlace() {
    voters.addAll(List.of(peer(1), peer(2)));
    gone.add(peer(1));

    assertThat(next()).isEmpty();
  }

  @Test
  void aVoterThatCameBackMeanwhileStaysAndTheOtherObservesAgain() {
    voters.addAll(List.of(peer(1), peer(2)));
    observers.add(peer(3));
    gone.add(peer(1));
    Peer entering = next().orElseThrow().entering().orElseThrow();
    observers.clear();
    gone.clear();

    take(plan().entering(entering));

    assertThat(voters).containsExactly(peer(0), peer(1), peer(2));
    assertThat(observers).containsExactly(peer(3));
  }

  @Test
  void aBrokerThatCameBackAsAnotherPeerTakesItsOwnPlace() {
    voters.addAll(List.of(peer(1), peer(2)));
    Peer again = new Peer(2, "2-again", "127.0.0.1", 2);
    joining.add(again);

    settle(10);

    assertThat(voters).containsExactlyInAnyOrder(peer(0), peer(1), again);
    assertThat(observers).isEmpty();
  }

  @Test
  void theOldPeerOfABrokerThatCameBackLeavesBeforeTheNewOneIsTakenIn() {
    voters.addAll(List.of(peer(1), peer(2)));
    joining.add(new Peer(2, "2-again", "127.0.0.1", 2));

    VoterPlan.Step step = next().orElseThrow();

    assertThat(step.next().voters()).containsExactly(peer(0), peer(1));
    assertThat(step.next().observers()).isEmpty();
    assertThat(step.entering()).isEmpty();
  }

  @Test
  void nobodyWhoAnswersIsDroppedBecauseAnotherSaysThatHeIsThatBroker() {
    voters.addAll(List.of(peer(1), peer(2)));
    observers.add(peer(3));
    answering.addAll(List.of(peer(2), peer(3)));
    joining.add(new Peer(2, "2-forged", "127.0.0.1", 2));
    joining.add(new Peer(3, "3-forged", "127.0.0.1", 3));

    assertThat(next()).isEmpty();
  }

  @Test
  void neverTakesAMajorityAwayForBrokersThatCameBack() {
    voters.addAll(List.of(peer(1), peer(2)));
    joining.add(new Peer(1, "1-again", "127.0.0.1", 1));
    joining.add(new Peer(2, "2-again", "127.0.0.1", 2));

    assertThat(next()).isEmpty();
  }

  @Test
  void anObserverThatCameBackAsAnotherPeerIsReplaced() {
    voters.addAll(List.of(peer(1), peer(2)));
    observers.add(peer(3));
    Peer again = new Peer(3, "3-again", "127.0.0.1", 3);
    joining.add(again);

    settle(10);

    assertThat(observers).containsExactly(again);
  }

  @Test
  void dropsAnObserverThatIsNoBrokerAnyMore() {
    observers.add(peer(1));
    forgotten.add(peer(1));

    settle(10);

    assertThat(observers).isEmpty();
  }

  private static Peer peer(int id) {
    return new Peer(id, id + "-x", "127.0.0.1", id);
  }

  private VoterPlan plan() {
    return new VoterPlan(
        List.copyOf(voters),
        List.copyOf(observers),
        List.copyOf(joining),
        peer -> !lagging.contains(peer),
        peer -> !answering.contains(peer),
        gone::contains,
        forgotten::contains);
  }

  private Optional<VoterPlan.Step> next() {
    return plan().next();
  }

  /** Carries out what the plan says, as often as it says something. */
  private void settle(int stepsMax) {
    for (int i = 0; i < stepsMax; i++) {
      Optional<VoterPlan.Step> step = next();
      if (step.isEmpty()) {
        return;
      }
      take(step.get().next());
      step.get().entering().ifPresent(joining::remove);
      if (step.get().entering().filter(peer -> !observers.contains(peer)).isPresent()) {
        take(plan().entering(step.get().entering().get()));
      }
    }
  }

  private void take(RaftMember.Configuration next) {
    voters.clear();
    voters.addAll(next.voters());
    observers.clear();
    observers.addAll(next.observers());
  }
}
