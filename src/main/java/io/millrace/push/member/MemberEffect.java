package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import java.util.Set;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to be done for a member, in the order in which it came out. The answer of a
 * question goes back with the number of its call. Immutable.
 */
public sealed interface MemberEffect {

  /** Asks the coordinator JoinGroup, version 9. */
  record Join(int call, JoinGroupRequestData request) implements MemberEffect {}

  /** Asks SyncGroup, version 5. */
  record Sync(int call, SyncGroupRequestData request) implements MemberEffect {}

  /** Asks Heartbeat, version 4. */
  record Heartbeat(int call, HeartbeatRequestData request) implements MemberEffect {}

  /** Asks OffsetFetch, version 9. */
  record Fetch(int call, OffsetFetchRequestData request) implements MemberEffect {}

  /** Asks OffsetCommit, version 9. */
  record Commit(int call, OffsetCommitRequestData request) implements MemberEffect {}

  /**
   * Says LeaveGroup, version 5, after a while; the answer does not matter. Where another process of
   * the same instance has come meanwhile, the coordinator refuses it.
   */
  record Leave(int afterMs, LeaveGroupRequestData request) implements MemberEffect {}

  /** Tells the page what it has in addition now. */
  record Assigned(Set<TopicPartition> added, int generation) implements MemberEffect {}

  /**
   * Stops delivering partitions and tells the page.
   *
   * @param withinMs how long acknowledgements for them are still taken; 0: they are gone
   */
  record Revoked(Set<TopicPartition> dropped, int withinMs) implements MemberEffect {}

  /**
   * Begins to deliver a partition.
   *
   * @param committed where; null when nothing is committed, so that the page's own place holds
   */
  record Begin(TopicPartition partition, @Nullable Committed committed) implements MemberEffect {}

  /** A committed offset with the leader epoch of the record before it; -1 when not known. */
  record Committed(long offset, int leaderEpoch) {}

  /** Delivers nothing until {@link Release}; positions stay. */
  record Hold() implements MemberEffect {}

  /** Goes on delivering. */
  record Release() implements MemberEffect {}

  /** Tells the page that what it acknowledged is stored. */
  record Acknowledged(long ack) implements MemberEffect {}

  /** Tells the page that what it acknowledged is not stored, or not all of it. */
  record NotAcknowledged(long ack, Errors error, String why, String hint) implements MemberEffect {}

  /** The membership is over; nothing comes after it but a {@link Leave}. */
  record Ended(Ending ending, Errors error, String why, String hint) implements MemberEffect {}

  /** How a membership ends. */
  enum Ending {
    /** The page, or its socket, ended it. */
    LEFT,
    /** The coordinator refused it: the subscription ends, the session goes on. */
    REFUSED,
    /** The coordinator knows the member no more: 4004. */
    FENCED,
    /** A newer socket of the same instance took the place: 4507. */
    REPLACED
  }
}
