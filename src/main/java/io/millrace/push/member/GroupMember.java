package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import io.millrace.push.member.Holdings.Holding;
import io.millrace.push.member.MemberEffect.Ending;
import io.millrace.push.member.Phase.BackingOff;
import io.millrace.push.member.Phase.Joining;
import io.millrace.push.member.Phase.Over;
import io.millrace.push.member.Phase.Stable;
import io.millrace.push.member.Phase.Syncing;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A browser's membership in a group: joins, learns what it may deliver, keeps its session, gives up
 * what others are to have, commits what its page acknowledges, leaves.
 *
 * <p>It offers assignors that let members keep their partitions while they join again, and such
 * that do not, and learns only from the answer which one holds. So it delivers nothing from its
 * JoinGroup on until its assignment is there, and then goes on where it was with what it still has,
 * provided that no generation lies between.
 *
 * <p>Each method is one step and gives what is to be done. Times are monotonic, in ms. Confined to:
 * the loop of its socket.
 */
public final class GroupMember {
  private final Standing standing;

  /**
   * @param partitionCounts number of partitions of a topic now; 0 when there is no such topic
   */
  public GroupMember(MemberOptions options, ToIntFunction<String> partitionCounts) {
    this.standing = new Standing(options, partitionCounts);
  }

  /** Joins the group. */
  public List<MemberEffect> start(long nowMs) {
    standing.join("", nowMs);
    return standing.settled(nowMs);
  }

  /** Takes an answer of JoinGroup. */
  public List<MemberEffect> joined(int call, JoinGroupResponseData answer, long nowMs) {
    Errors error = Errors.forCode(answer.errorCode());
    if (standing.phase() instanceof Over) {
      joinedTooLate(error, answer);
    } else if (standing.phase() instanceof Joining joining && joining.call().number() == call) {
      joined(error, answer, nowMs);
    }
    return standing.settled(nowMs);
  }

  private void joinedTooLate(Errors error, JoinGroupResponseData answer) {
    if (error == Errors.NONE && !standing.membership.hasId()) {
      standing.membership.joined(answer);
      standing.leave("closed before it had joined", true);
    }
  }

  private void joined(Errors error, JoinGroupResponseData answer, long nowMs) {
    switch (error) {
      case NONE -> standing.beginGeneration(answer, nowMs);
      case MEMBER_ID_REQUIRED -> {
        standing.membership.giveId(answer.memberId());
        standing.join("", nowMs);
      }
      case UNKNOWN_MEMBER_ID -> standing.startAnew(nowMs);
      default -> standing.refused(error, nowMs);
    }
  }

  /** Takes an answer of SyncGroup. */
  public List<MemberEffect> synced(int call, SyncGroupResponseData answer, long nowMs) {
    if (!(standing.phase() instanceof Syncing syncing) || syncing.call().number() != call) {
      return standing.settled(nowMs);
    }
    Errors error = Errors.forCode(answer.errorCode());
    switch (error) {
      case NONE -> {
        standing.heartbeats.accepted(syncing.call().sentAtMs());
        standing.assigned(answer.assignment(), nowMs);
      }
      case REBALANCE_IN_PROGRESS -> standing.join("", nowMs);
      case ILLEGAL_GENERATION -> {
        standing.lose();
        standing.join("", nowMs);
      }
      case UNKNOWN_MEMBER_ID -> standing.startAnew(nowMs);
      default -> standing.refused(error, nowMs);
    }
    return standing.settled(nowMs);
  }

  /** Takes an answer of Heartbeat. */
  public List<MemberEffect> heartbeatAnswered(int call, HeartbeatResponseData answer, long nowMs) {
    long sentAtMs = standing.heartbeats.answered(call);
    if (sentAtMs < 0 || !standing.isInGeneration()) {
      return standing.settled(nowMs);
    }
    Errors error = Errors.forCode(answer.errorCode());
    switch (error) {
      case NONE -> standing.heartbeats.accepted(sentAtMs);
      case REBALANCE_IN_PROGRESS -> {
        standing.heartbeats.accepted(sentAtMs);
        standing.rebalance("", nowMs);
      }
      default -> standing.memberRefused(error, nowMs);
    }
    return standing.settled(nowMs);
  }

  /** Takes an answer of OffsetFetch. */
  public List<MemberEffect> fetched(int call, OffsetFetchResponseData answer, long nowMs) {
    standing.starts.answered(call, answer, nowMs);
    return standing.settled(nowMs);
  }

  /**
   * A partition without a committed offset begins here; that is committed, so that records which
   * nobody acknowledges are delivered again and not passed over.
   */
  public List<MemberEffect> began(
      TopicPartition partition, long offset, int leaderEpoch, long nowMs) {
    Holding holding = standing.holdings.get(partition);
    if (holding != null && holding.begun && holding.start < 0) {
      holding.start = offset;
      standing.acks.keepStart(partition, offset, leaderEpoch);
    }
    return standing.settled(nowMs);
  }

  /** Records went to the page: the offset behind the last, and its leader epoch. */
  public void delivered(TopicPartition partition, long nextOffset, int leaderEpoch) {
    Holding holding = standing.holdings.get(partition);
    if (holding != null) {
      holding.delivered = nextOffset;
      holding.deliveredEpoch = leaderEpoch;
    }
  }

  /**
   * The page has consumed all records before these offsets.
   *
   * @param ack number under which the outcome is told
   */
  public List<MemberEffect> acknowledge(long ack, Map<TopicPartition, Long> to, long nowMs) {
    standing.acks.acknowledge(ack, to, nowMs);
    return standing.settled(nowMs);
  }

  /** Takes an answer of OffsetCommit. */
  public List<MemberEffect> committed(int call, OffsetCommitResponseData answer, long nowMs) {
    long sentAtMs = standing.acks.sentAtMs(call);
    if (sentAtMs >= 0 && !(standing.phase() instanceof Over)) {
      Errors whole = standing.acks.answered(answer, nowMs);
      if (whole == Errors.NONE) {
        return standing.settled(nowMs);
      }
      if (standing.isInGeneration()) {
        standing.memberRefused(whole, nowMs);
      }
    }
    return standing.settled(nowMs);
  }

  /** The group has changed somehow: ask at once what it means for this member. */
  public List<MemberEffect> wake(long nowMs) {
    if (standing.isInGeneration()) {
      standing.heartbeats.hurry(nowMs);
    }
    return standing.settled(nowMs);
  }

  /** Topics have changed: as the leader, share out again. */
  public List<MemberEffect> imageChanged(long nowMs) {
    if (standing.phase() instanceof Stable
        && standing.membership.leads()
        && standing.assignors.areTopicsChanged()) {
      standing.rebalance("the partitions of its topics have changed", nowMs);
    }
    return standing.settled(nowMs);
  }

  /** Time has passed. */
  public List<MemberEffect> tick(long nowMs) {
    if (standing.phase() instanceof BackingOff waiting && nowMs >= waiting.untilMs()) {
      standing.join("", nowMs);
    } else if (standing.phase() instanceof Joining joining && nowMs >= joining.call().deadlineMs()
        || standing.phase() instanceof Syncing syncing && nowMs >= syncing.call().deadlineMs()) {
      standing.join("", nowMs);
    }
    standing.acks.tick(nowMs);
    standing.starts.tick(nowMs);
    return standing.settled(nowMs);
  }

  /**
   * The page is gone, or wants no more.
   *
   * @param reason why, in words, for those who look at the group
   * @param keepsPlace whether a page with an instance may come back to its place
   */
  public List<MemberEffect> close(String reason, boolean keepsPlace, long nowMs) {
    if (!(standing.phase() instanceof Over)) {
      if (standing.isInGeneration()) {
        standing.acks.sendLast(nowMs);
      }
      standing.leave(reason, keepsPlace);
      standing.end(Ending.LEFT, Errors.NONE);
    }
    return standing.settled(nowMs);
  }

  /** A newer socket of the same instance takes the place, here or on another broker. */
  public List<MemberEffect> replaced(long nowMs) {
    standing.end(Ending.REPLACED, Errors.FENCED_INSTANCE_ID);
    return standing.settled(nowMs);
  }

  /** Whether anything may be delivered at this time. */
  public boolean mayDeliver(long nowMs) {
    return standing.mayDeliver(nowMs);
  }

  /** Monotonic time in ms of the next tick that is worth it. */
  public long nextTickMs() {
    return standing.nextTickMs();
  }

  @Override
  public String toString() {
    return standing.toString();
  }
}
