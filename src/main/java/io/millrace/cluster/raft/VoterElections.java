package io.millrace.cluster.raft;

import io.millrace.eventloop.EventLoop;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When {@link PromptElection} is called for: a broker is gone for sure, and from time to time
 * before, so that voters know each other.
 *
 * <p>Confined to: the control loop.
 */
final class VoterElections {
  private static final Logger LOG = LoggerFactory.getLogger(VoterElections.class);

  /** How often voters that follow make sure that they are connected. */
  private static final long MEET_MS = 10_000;

  private final EventLoop control;
  private final AdminThread admin;
  private final Predicate<RaftMember> follows;

  // Owner: the control loop.
  private long metMs;

  /**
   * @param follows whether this is still the member, and it does not lead
   */
  VoterElections(EventLoop control, AdminThread admin, Predicate<RaftMember> follows) {
    this.control = control;
    this.admin = admin;
    this.follows = follows;
    this.metMs = control.clock().monotonicMs() - MEET_MS;
  }

  void meet(RaftMember member) {
    long nowMs = control.clock().monotonicMs();
    if (follows.test(member) && nowMs - metMs >= MEET_MS) {
      metMs = nowMs;
      admin
          .run(() -> member.election().meet())
          .onFailure(fault -> LOG.debug("the other voters were not met", fault));
    }
  }

  /** The broker is gone for sure: the voter with the longest log asks for votes at once. */
  void gone(RaftMember member, int brokerId) {
    if (!follows.test(member)) {
      return;
    }
    admin
        .run(() -> member.election().begin(brokerId))
        .onSuccess(
            waitMs -> {
              if (waitMs > 0) {
                control.schedule(waitMs, () -> insist(member, brokerId));
              }
            })
        .onFailure(fault -> LOG.debug("no election after broker {}", brokerId, fault));
  }

  /** Another voter was to be elected, and nobody was. */
  private void insist(RaftMember member, int deadLeader) {
    if (follows.test(member)) {
      admin
          .run(() -> member.election().insist(deadLeader))
          .onFailure(fault -> LOG.debug("no election after broker {}", deadLeader, fault));
    }
  }
}
