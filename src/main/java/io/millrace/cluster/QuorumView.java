package io.millrace.cluster;

import java.util.List;

/**
 * Who carries the metadata log, as this broker sees it. Immutable.
 *
 * @param leaderId id of the broker that leads the log, -1 when none is known
 * @param term term of the log
 * @param committedIndex index of the last entry that is committed, as far as known
 * @param voters brokers whose votes count
 * @param observers brokers that follow the log and do not vote
 */
public record QuorumView(
    int leaderId, long term, long committedIndex, List<Member> voters, List<Member> observers) {
  public QuorumView {
    voters = List.copyOf(voters);
    observers = List.copyOf(observers);
  }

  /**
   * A broker that holds the log.
   *
   * @param brokerId its id
   * @param logEnd index behind the last entry that it is known to hold; -1 when not known here
   * @param lastContactMs wall-clock time of its last answer to the leader, in ms; -1 when not known
   *     here
   */
  public record Member(int brokerId, long logEnd, long lastContactMs) {}
}
