package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.QuorumView;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the group's configuration to what {@link VoterPlan} says, one change at a time, while this
 * broker leads the log.
 *
 * <p>Confined to: the control loop.
 */
final class VoterKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(VoterKeeper.class);

  /** An observer that lacks no more entries than this, and answered lately, has caught up. */
  private static final long LAG_MAX = 64;

  private static final long CONTACT_MS = 2_000;

  /** How long a peer that is not registered may be silent. */
  private static final long UNREGISTERED_MS = 5_000;

  private final RaftOptions options;
  private final EventLoop control;
  private final Supplier<ClusterImage> image;
  private final AdminThread admin;

  // Owner: the control loop.
  private final Newcomers newcomers = new Newcomers();
  private boolean changing;

  /** Who was in the group before the change that is under way. */
  private List<Peer> before = List.of();

  private boolean leading;

  VoterKeeper(
      RaftOptions options, EventLoop control, Supplier<ClusterImage> image, AdminThread admin) {
    this.options = options;
    this.control = control;
    this.image = image;
    this.admin = admin;
  }

  /** Takes a broker into the group as soon as it runs. */
  void admit(Peer peer) {
    newcomers.admit(peer, nowMs());
  }

  /**
   * Whether no other peer of that broker is in the group; one that does not answer leaves, once the
   * broker is admitted.
   */
  boolean isFree(RaftMember member, Peer peer) throws IOException {
    return Stream.concat(before.stream(), member.configuration().all().stream())
        .noneMatch(
            known -> known.brokerId() == peer.brokerId() && !known.peerId().equals(peer.peerId()));
  }

  private long nowMs() {
    return control.clock().monotonicMs();
  }

  /** This broker sees to it from now on. */
  void start() {
    leading = true;
  }

  /** Another broker sees to it from now on. */
  void stop() {
    leading = false;
    newcomers.clear();
  }

  /** Makes the next change, if one is due. */
  void look(RaftMember member) {
    if (changing || !leading) {
      return;
    }
    try {
      Optional<VoterPlan.Step> step = plan(member).next();
      if (step.isPresent()) {
        before = member.configuration().all();
        change(member, step.get());
      }
    } catch (IOException e) {
      LOG.debug("the group cannot be looked at: {}", e.getMessage());
    }
  }

  private void change(RaftMember member, VoterPlan.Step step) {
    changing = true;
    admin
        .run(
            () -> {
              requireAnswer(step);
              return member.change(step.next()).join();
            })
        .onComplete(
            changed -> {
              changing = false;
              before = List.of();
              if (changed.failed()) {
                LOG.debug("the group was not changed", changed.cause());
                step.entering().ifPresent(newcomers::late);
                step.entering().ifPresent(peer -> connectAnew(member, peer));
              } else {
                step.entering().ifPresent(newcomers::arrived);
                step.entering()
                    .filter(peer -> !step.next().observers().contains(peer))
                    .ifPresentOrElse(peer -> enter(member, peer), () -> look(member));
              }
            });
  }

  /** What was given up on the way would be in the way of the next try: see {@link SilentPeers}. */
  private void connectAnew(RaftMember member, Peer peer) {
    admin
        .run(
            () -> {
              member.connectAnew(peer.peerId());
              return true;
            })
        .onFailure(why -> LOG.debug("{} is not connected anew", peer, why));
  }

  /** Ratis waits for seconds for a newcomer that does not run yet, and does nothing else. */
  private static void requireAnswer(VoterPlan.Step step) throws IOException {
    Optional<Peer> newcomer =
        step.entering().filter(peer -> step.next().observers().contains(peer));
    if (newcomer.isPresent() && !Reach.answers(newcomer.get())) {
      throw new IOException("broker " + newcomer.get().brokerId() + " does not run yet");
    }
  }

  /** The second half of making an observer a voter. */
  private void enter(RaftMember member, Peer peer) {
    try {
      RaftMember.Configuration next = plan(member).entering(peer);
      changing = true;
      admin
          .run(() -> member.change(next).join())
          .onComplete(
              changed -> {
                changing = false;
                if (changed.failed()) {
                  LOG.debug("{} did not become a voter", peer, changed.cause());
                  connectAnew(member, peer);
                  admit(peer);
                } else {
                  LOG.info("the metadata log's voters are {} now", brokers(next.voters()));
                }
                look(member);
              });
    } catch (IOException e) {
      LOG.debug("the group cannot be looked at: {}", e.getMessage());
    }
  }

  private static List<Integer> brokers(List<Peer> peers) {
    return peers.stream().map(Peer::brokerId).toList();
  }

  private VoterPlan plan(RaftMember member) throws IOException {
    RaftMember.Configuration now = member.configuration();
    Map<String, QuorumView.Member> seen = member.seen(now, control.clock().wallMs());
    return new VoterPlan(
        now.voters(),
        now.observers(),
        newcomers.waiting(nowMs()),
        peer -> hasCaughtUp(seen.get(peer.peerId()), member),
        peer -> silentMs(seen.get(peer.peerId())) > CONTACT_MS,
        peer -> silentMs(seen.get(peer.peerId())) > patienceMs(peer),
        peer -> !isRegistered(peer) && silentMs(seen.get(peer.peerId())) > UNREGISTERED_MS);
  }

  private boolean hasCaughtUp(QuorumView.Member observer, RaftMember member) {
    try {
      return silentMs(observer) < CONTACT_MS
          && observer.logEnd() + LAG_MAX > member.committedIndex();
    } catch (IOException e) {
      return false;
    }
  }

  private long silentMs(QuorumView.Member seen) {
    return seen == null ? Long.MAX_VALUE : control.clock().wallMs() - seen.lastContactMs();
  }

  private long patienceMs(Peer peer) {
    return isRegistered(peer) ? options.voterGoneMs() : UNREGISTERED_MS;
  }

  private boolean isRegistered(Peer peer) {
    return image.get().broker(peer.brokerId()) != null;
  }
}
