package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who should vote next: one voter while fewer than three brokers have the log, then three; each
 * change is one voter. Two voters are never a resting state, and there are never fewer than before:
 * a voter that is gone is exchanged for a broker that has caught up. Only the old peer of a broker
 * that comes back as another one leaves before that is let in: Ratis would reach both at one
 * address, and the new one would take what is meant for the old one. It leaves when it does not
 * answer, whatever is said of it.
 *
 * <p>An observer becomes a voter in two changes. Ratis does not take a peer that is an observer in
 * the old half of a change and a voter in the new one: a leader that begins with such a change
 * stops for good. So the observer leaves the group first and enters it as a voter; it keeps what it
 * has meanwhile.
 *
 * <p>Immutable.
 *
 * @param voters peers that vote
 * @param observers peers that follow
 * @param joining peers that were admitted and are not in the group yet
 * @param caughtUp whether an observer has nearly all of the log
 * @param silent whether a peer does not answer at this time
 * @param gone whether a voter will not come back: it was not heard of for long
 * @param forgotten whether an observer is no broker of the cluster any more
 */
record VoterPlan(
    List<Peer> voters,
    List<Peer> observers,
    List<Peer> joining,
    Predicate<Peer> caughtUp,
    Predicate<Peer> silent,
    Predicate<Peer> gone,
    Predicate<Peer> forgotten) {
  private static final int VOTERS = 3;

  /**
   * One change.
   *
   * @param next the configuration to ask for
   * @param entering an observer that has left the group to become a voter in the change behind this
   *     one, or was just admitted
   */
  record Step(RaftMember.Configuration next, Optional<Peer> entering) {}

  /** The next change; empty when all is as it should be. */
  Optional<Step> next() {
    List<Peer> left = voters.stream().filter(voter -> !cameBack(voter)).toList();
    if (left.size() < voters.size() && left.size() == VOTERS - 1) {
      return Optional.of(new Step(new RaftMember.Configuration(left, observers), Optional.empty()));
    }
    Optional<Step> promotion = promotion();
    if (promotion.isPresent()) {
      return promotion;
    }
    List<Peer> staying = observers.stream().filter(peer -> !isReplaced(peer)).toList();
    if (staying.size() < observers.size()) {
      return Optional.of(new Step(new RaftMember.Configuration(voters, staying), Optional.empty()));
    }
    return joining.stream()
        .filter(peer -> !isMember(peer))
        .filter(peer -> !isOtherPeerOf(peer, voters) && !isOtherPeerOf(peer, staying))
        .findFirst()
        .map(
            peer ->
                new Step(
                    new RaftMember.Configuration(voters, plus(staying, peer)), Optional.of(peer)));
  }

  /**
   * The change that makes {@code peer}, which has left the observers, a voter; an observer again,
   * when it is not needed as one any more.
   */
  RaftMember.Configuration entering(Peer peer) {
    List<Peer> next = new ArrayList<>(voters);
    next.removeIf(voter -> voter.brokerId() == peer.brokerId());
    if (next.size() >= VOTERS) {
      next.stream().filter(this::leaves).findFirst().ifPresent(next::remove);
    }
    return next.size() >= VOTERS
        ? new RaftMember.Configuration(voters, plus(observers, peer))
        : new RaftMember.Configuration(plus(next, peer), observers);
  }

  private Optional<Step> promotion() {
    Set<Integer> voting = brokerIds(voters.stream().filter(voter -> !leaves(voter)));
    List<Peer> ready =
        observers.stream()
            .filter(caughtUp)
            .filter(peer -> !voting.contains(peer.brokerId()))
            .toList();
    boolean grows =
        voters.size() == 1 && brokerIds(ready.stream()).size() >= 2
            || voters.size() == 2 && !ready.isEmpty();
    boolean exchanges =
        voters.size() >= VOTERS && voters.stream().anyMatch(this::leaves) && !ready.isEmpty();
    if (!grows && !exchanges) {
      return Optional.empty();
    }
    Peer chosen = ready.get(0);
    List<Peer> others = observers.stream().filter(peer -> !peer.equals(chosen)).toList();
    return Optional.of(new Step(new RaftMember.Configuration(voters, others), Optional.of(chosen)));
  }

  /** A voter that is gone, or whose broker came back as another peer. */
  private boolean leaves(Peer voter) {
    return gone.test(voter) || isOtherPeerOf(voter, observers);
  }

  private boolean isReplaced(Peer observer) {
    return forgotten.test(observer) || cameBack(observer);
  }

  /**
   * Whether its broker came back as another peer. Anybody may say that he is that broker: one that
   * answers is still there.
   */
  private boolean cameBack(Peer old) {
    return isOtherPeerOf(old, joining) && silent.test(old);
  }

  private static boolean isOtherPeerOf(Peer old, List<Peer> peers) {
    return peers.stream()
        .anyMatch(peer -> peer.brokerId() == old.brokerId() && !peer.peerId().equals(old.peerId()));
  }

  private boolean isMember(Peer peer) {
    return Stream.concat(voters.stream(), observers.stream())
        .anyMatch(member -> member.peerId().equals(peer.peerId()));
  }

  private static List<Peer> plus(List<Peer> peers, Peer peer) {
    List<Peer> all = new ArrayList<>(peers);
    all.add(peer);
    return all;
  }

  private static Set<Integer> brokerIds(Stream<Peer> peers) {
    Set<Integer> ids = new HashSet<>();
    peers.forEach(peer -> ids.add(peer.brokerId()));
    return ids;
  }
}
