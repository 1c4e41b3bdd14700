package io.millrace.cluster.raft;

import io.millrace.time.Clock;
import java.io.IOException;
import java.util.List;

/**
 * Notices when no leader is heard of any more: first that this member may have been forgotten, then
 * that the voters form no majority.
 *
 * <p>Confined to: the control loop.
 */
final class MajorityWatch {
  /** A leader that lives is heard of more often than this. */
  private static final long HEARD_MS = 3_000;

  /** Time without a leader after which a member asks to be taken in again, and between asking. */
  private static final long FORGOTTEN_MS = 5_000;

  /** Time without a leader after which it is told who is missing. */
  private static final long MISSING_MS = 30_000;

  private final Clock clock;
  private final AdminThread admin;
  private final RaftGround.Watcher watcher;

  // Owner: the control loop.
  private long heardMs;
  private long askedMs;
  private long toldMs;
  private boolean told;
  private boolean hears;
  private boolean forgotten;

  MajorityWatch(Clock clock, AdminThread admin, RaftGround.Watcher watcher) {
    this.clock = clock;
    this.admin = admin;
    this.watcher = watcher;
    this.heardMs = clock.monotonicMs();
    this.askedMs = heardMs;
  }

  void look(RaftMember member, boolean leading) {
    long nowMs = clock.monotonicMs();
    hears = leading || hears(member);
    if (hears) {
      heardMs = nowMs;
      askedMs = nowMs;
      forgotten = false;
      if (told) {
        told = false;
        watcher.onMissing(List.of());
      }
    } else if (nowMs - Math.max(heardMs, toldMs) >= MISSING_MS) {
      toldMs = nowMs;
      tell(member);
    }
  }

  private static boolean hears(RaftMember member) {
    try {
      return member.isAlive() && member.hearsLeader(HEARD_MS);
    } catch (IOException e) {
      return false;
    }
  }

  private void tell(RaftMember member) {
    admin
        .run(
            () ->
                member.configuration().voters().stream()
                    .filter(peer -> !Reach.answers(peer))
                    .toList())
        .onSuccess(
            missing -> {
              told = true;
              watcher.onMissing(missing);
            });
  }

  /** Whether a leader was heard of when last looked at. */
  boolean hears() {
    return hears;
  }

  /** The group said that it goes on without this member. */
  void forget() {
    forgotten = true;
    askedMs = 0;
  }

  /** Whether it is time to ask to be taken in. */
  boolean isForgotten() {
    long nowMs = clock.monotonicMs();
    return nowMs - askedMs >= FORGOTTEN_MS && (forgotten || nowMs - heardMs >= FORGOTTEN_MS);
  }

  /** This member asked. */
  void asked() {
    askedMs = clock.monotonicMs();
  }
}
