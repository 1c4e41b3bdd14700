package io.millrace.coordinator.group;

import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of members: how long each may go without being heard of.
 *
 * <p>A heartbeat only moves the end of the session; the timer looks at it when it fires and goes on
 * for the rest. So a member costs one timer per session timeout, however often it is heard of.
 * Confined to: its shard.
 */
final class Sessions {
  private final Clock clock;
  private final ShardTimer<GroupRecord> timer;
  private final int newMemberJoinMaxMs;
  private final Expired expired;

  /** Takes a member whose session is over out of its group. */
  interface Expired {
    void expired(Group group, Member member, ShardResult.Builder<GroupRecord> step);
  }

  Sessions(Clock clock, ShardTimer<GroupRecord> timer, int newMemberJoinMaxMs, Expired expired) {
    this.clock = clock;
    this.timer = timer;
    this.newMemberJoinMaxMs = newMemberJoinMaxMs;
    this.expired = expired;
  }

  /** The member was heard of: its session starts anew. */
  void heard(Group group, Member member) {
    // A new member that waits in JoinGroup cannot send heartbeats; if its client is gone, nobody
    // takes the answer, so the wait has a limit of its own.
    boolean joining = member.isFresh() && member.isAwaitingJoin();
    long timeoutMs = joining ? newMemberJoinMaxMs : member.sessionTimeoutMs();
    member.sessionEndsMs = clock.monotonicMs() + timeoutMs;
    if (member.sessionTimer == null) {
      look(group, member);
    } else if (member.sessionEndsMs < member.sessionLooksMs) {
      end(member);
      look(group, member);
    }
  }

  /** The member is no longer watched. */
  void end(Member member) {
    if (member.sessionTimer != null) {
      member.sessionTimer.cancel();
      member.sessionTimer = null;
    }
  }

  private void look(Group group, Member member) {
    member.sessionLooksMs = member.sessionEndsMs;
    long delayMs = Math.max(0, member.sessionEndsMs - clock.monotonicMs());
    member.sessionTimer = timer.schedule(delayMs, () -> looked(group, member));
  }

  private ShardResult<GroupRecord> looked(Group group, Member member) {
    ShardResult.Builder<GroupRecord> step = new ShardResult.Builder<>();
    member.sessionTimer = null;
    if (!isCurrent(group, member)) {
      return step.build();
    }
    if (member.isHeldByCoordinator()) {
      heard(group, member);
    } else if (clock.monotonicMs() < member.sessionEndsMs) {
      look(group, member);
    } else {
      expired.expired(group, member, step);
    }
    return step.build();
  }

  private static boolean isCurrent(Group group, Member member) {
    @Nullable Member current = group.member(member.id());
    return current == member && !(group.state() instanceof GroupState.Dead);
  }
}
