package io.millrace.sim.cluster;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.MetadataEntry;
import io.millrace.sim.cluster.SimRaft.Stored;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A member of the simulated log: what is on its disk, and what its process does.
 *
 * <p>Confined to: the test's thread.
 */
final class SimRaftNode {
  private final SimRaft raft;
  private final int id;
  private final String host;

  // On disk.
  private final List<Stored> log = new ArrayList<>();
  private long term;
  private byte @Nullable [] snapshot;
  private int snapshotEnd;
  private int commitIndex;

  // Of the process.
  private @Nullable SimMetadataLog run;
  private SimScheduler.@Nullable Process process;
  private boolean begun;
  private boolean leader;
  private long leaderTerm;
  private int leaderKnown = -1;
  private int termBegin;
  private boolean readyTold;
  private long lastContactMs;
  private long lastMajorityMs;
  private long electionAfterMs;
  boolean refuseNext;
  boolean doubleNext;

  SimRaftNode(SimRaft raft, int id, String host) {
    this.raft = raft;
    this.id = id;
    this.host = host;
  }

  int id() {
    return id;
  }

  String host() {
    return host;
  }

  long term() {
    return term;
  }

  int logEnd() {
    return log.size();
  }

  int commitIndex() {
    return commitIndex;
  }

  int leaderKnown() {
    return leader ? id : leaderKnown;
  }

  boolean isLeader() {
    return leader && process != null && process.isAlive();
  }

  boolean isRunning() {
    return begun && process != null && process.isRunning();
  }

  Stored stored(int index) {
    return log.get(index);
  }

  byte @Nullable [] snapshot() {
    return snapshot;
  }

  int snapshotEnd() {
    return snapshotEnd;
  }

  SimMetadataLog run(SimScheduler.Process inProcess, EventLoop control) {
    begun = false;
    leader = false;
    leaderKnown = -1;
    process = inProcess;
    SimMetadataLog opened = new SimMetadataLog(raft, this, inProcess, control);
    run = opened;
    return opened;
  }

  /** The process has read its disk and takes part from now on. */
  void begin() {
    begun = true;
    lastContactMs = nowMs();
    SimScheduler.Process mine = process;
    newElectionTimeout();
    // A broker whose own vote is the majority need not wait for others.
    long first = raft.voters().size() == 1 && raft.isVoter(id) ? 1 : 50;
    raft.sim().at(first, () -> tick(mine));
  }

  /** The process has closed its log. */
  void end() {
    leader = false;
    process = null;
  }

  private long nowMs() {
    return raft.sim().clock().monotonicMs();
  }

  private void newElectionTimeout() {
    electionAfterMs = 500 + raft.random().nextInt(500);
  }

  private void tick(SimScheduler.@Nullable Process mine) {
    if (mine != process || mine == null || !mine.isAlive()) {
      return;
    }
    if (mine.isRunning()) {
      if (leader) {
        round();
      } else if (raft.isVoter(id) && isElectionDue()) {
        campaign();
      }
    }
    raft.sim().at(SimRaft.HEARTBEAT_MS / 2 + raft.random().nextInt(50), () -> tick(mine));
  }

  private boolean isElectionDue() {
    return raft.voters().size() == 1 || nowMs() - lastContactMs > electionAfterMs;
  }

  /** Asks for votes, unless too few answer or a leader is known to them. */
  void campaign() {
    newElectionTimeout();
    lastContactMs = nowMs();
    Set<Integer> votes = new HashSet<>();
    long newest = term;
    for (SimRaftNode other : raft.nodes()) {
      if (raft.isVoter(other.id) && raft.talks(this, other)) {
        newest = Math.max(newest, other.term);
        if (other == this || other.wouldVoteFor(this)) {
          votes.add(other.id);
        }
      }
    }
    if (!raft.isMajority(votes)) {
      return;
    }
    long next = newest + 1;
    for (SimRaftNode other : raft.nodes()) {
      if (votes.contains(other.id)) {
        other.sawTerm(next);
      }
    }
    lead(next);
  }

  private boolean wouldVoteFor(SimRaftNode candidate) {
    long lastTerm = lastTerm();
    long theirs = candidate.lastTerm();
    boolean behind = theirs < lastTerm || (theirs == lastTerm && candidate.logEnd() < logEnd());
    boolean content = leader || nowMs() - lastContactMs < 400;
    return !behind && !(content && leaderKnownIsThere());
  }

  private boolean leaderKnownIsThere() {
    SimRaftNode known = raft.node(leaderKnown());
    return known != null && known.isLeader() && raft.talks(this, known);
  }

  private long lastTerm() {
    return log.isEmpty() ? 0 : log.get(log.size() - 1).term();
  }

  private void sawTerm(long newer) {
    if (newer > term) {
      term = newer;
      resign();
    }
  }

  private void lead(long inTerm) {
    term = inTerm;
    leader = true;
    leaderTerm = inTerm;
    readyTold = false;
    lastMajorityMs = nowMs();
    termBegin = log.size();
    log.add(new Stored(inTerm, null));
    soon();
  }

  /** It leads no more, of its own will: who follows is open. */
  void stepDown() {
    resign();
    newElectionTimeout();
    lastContactMs = nowMs() + raft.random().nextInt(300);
    raft.nodes().forEach(node -> node.leaderKnown = -1);
  }

  private void resign() {
    if (leader) {
      leader = false;
      leaderKnown = -1;
      if (run != null) {
        run.following();
      }
    }
  }

  /** The broker of that id is gone for sure. */
  void gone(int brokerId) {
    if (!leader && raft.isVoter(id) && leaderKnown == brokerId) {
      lastContactMs = nowMs() - 10_000;
      leaderKnown = -1;
      campaign();
    }
  }

  /** An entry comes from the process, after its way through the threads in between. */
  void append(MetadataEntry entry) {
    if (!isLeader()) {
      return;
    }
    if (refuseNext) {
      refuseNext = false;
      stepDown();
      return;
    }
    // It stands in the term of its appending, whatever term it was decided in.
    byte[] bytes = FactCodec.encode(entry);
    log.add(new Stored(leaderTerm, bytes));
    if (doubleNext) {
      doubleNext = false;
      log.add(new Stored(leaderTerm, bytes));
    }
    soon();
  }

  private void soon() {
    SimScheduler.Process mine = process;
    raft.sim()
        .after(
            200_000 + raft.random().nextInt(4_000_000),
            () -> {
              if (mine == process && leader && isRunning()) {
                round();
              }
            });
  }

  /** One exchange with everybody who can be reached. */
  private void round() {
    Set<Integer> holders = new TreeSet<>();
    Set<Integer> answering = new TreeSet<>();
    for (SimRaftNode other : raft.nodes()) {
      if (other != this && raft.hears(this, other)) {
        if (other.term > term && raft.talks(this, other)) {
          sawTerm(other.term);
          return;
        }
        if (other.term <= term) {
          other.follow(this);
          if (raft.talks(this, other)) {
            answering.add(other.id);
            holders.add(other.id);
          }
        }
      }
    }
    answering.add(id);
    holders.add(id);
    if (raft.isMajority(answering)) {
      lastMajorityMs = nowMs();
    } else if (nowMs() - lastMajorityMs > SimRaft.STEP_DOWN_MS) {
      stepDown();
      return;
    }
    commit(holders);
    raft.growVoters(this);
  }

  private void commit(Set<Integer> reached) {
    int end = log.size();
    while (end > commitIndex) {
      int wanted = end;
      List<Integer> holders =
          reached.stream().filter(m -> raft.node(m).holds(this, wanted)).toList();
      if (raft.isMajority(holders) && log.get(end - 1).term() == leaderTerm) {
        break;
      }
      end--;
    }
    if (end > commitIndex) {
      commitIndex = end;
      told();
      // The others hear of it with the next round.
      soon();
    }
  }

  private boolean holds(SimRaftNode from, int end) {
    return log.size() >= end && log.get(end - 1).equals(from.log.get(end - 1));
  }

  /** Takes a leader's log, or a part of it. */
  private void follow(SimRaftNode from) {
    sawTerm(from.term);
    leaderKnown = from.id;
    lastContactMs = nowMs();
    if (log.size() < from.snapshotEnd && raft.random().nextBoolean()) {
      install(from);
      return;
    }
    int same = Math.min(log.size(), from.log.size());
    while (same > commitIndex && !log.get(same - 1).equals(from.log.get(same - 1))) {
      same--;
    }
    if (same < log.size() && same < from.log.size()) {
      log.subList(same, log.size()).clear();
    }
    if (log.size() < from.log.size()) {
      int missing = from.log.size() - log.size();
      int taken =
          missing == 1 || raft.random().nextInt(4) > 0
              ? missing
              : 1 + raft.random().nextInt(missing);
      log.addAll(from.log.subList(log.size(), log.size() + taken));
    }
    int known = Math.min(from.commitIndex, log.size());
    if (known > commitIndex && log.get(known - 1).equals(from.log.get(known - 1))) {
      commitIndex = known;
    }
    // It may have begun with less than it holds.
    told();
  }

  /** Takes a leader's image in place of the entries that led to it. */
  private void install(SimRaftNode from) {
    log.clear();
    log.addAll(from.log.subList(0, from.snapshotEnd));
    snapshot = from.snapshot;
    snapshotEnd = from.snapshotEnd;
    commitIndex = Math.max(commitIndex, snapshotEnd);
    if (run != null) {
      run.installed();
    }
  }

  private void told() {
    if (run != null) {
      run.committedUpTo(commitIndex);
    }
  }

  /** Everything of its term is applied: from now on it decides. */
  void appliedUpTo(int index) {
    if (leader && !readyTold && index > termBegin && run != null) {
      readyTold = true;
      run.leading(leaderTerm);
    }
  }

  /** The process took a snapshot of what it has applied. */
  void keep(byte[] image, int end) {
    snapshot = image;
    snapshotEnd = end;
  }
}
