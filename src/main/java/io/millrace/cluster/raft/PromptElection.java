package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An election without waiting for a time-out, when the leader is dead for sure. Ratis offers one to
 * a member whom its leader asks to take over; here a voter asks in the dead leader's name.
 *
 * <p>A vote that is lost costs a whole time-out, and who lacks entries loses it. So the voters
 * first tell each other the ends of their logs, by asking for a vote that does not count; who has
 * the longest log, and among equals the lowest id, goes first.
 *
 * <p>Confined to: the thread that may block.
 */
final class PromptElection {
  private static final Logger LOG = LoggerFactory.getLogger(PromptElection.class);

  /** How long another voter may take to tell the end of its log. */
  private static final long ASK_MS = 200;

  /** What a voter waits for each voter that is silent. */
  private static final long RANK_MS = 200;

  /** Far from the numbers of Ratis, whose connections tell requests apart by them alone. */
  private static final AtomicLong CALLS = new AtomicLong(1L << 40);

  private final RaftServer server;
  private final RaftServer.Division division;
  private final List<Peer> voters;

  PromptElection(RaftServer server, RaftServer.Division division, List<Peer> voters) {
    this.server = server;
    this.division = division;
    this.voters = voters;
  }

  /** How good a leader a voter would be: the end of its log, then its id. */
  private record Claim(int brokerId, TermIndex last) {
    static final Comparator<Claim> BEST_FIRST =
        Comparator.comparing(Claim::last)
            .reversed()
            .thenComparing(Comparator.comparingInt(Claim::brokerId));
  }

  /**
   * Elects this voter, if it should be the one.
   *
   * @return 0 when nothing is left to do, else after how many ms to {@link #insist}
   */
  long begin(int deadLeader) throws IOException {
    int rank = leaderId() == deadLeader ? rank(deadLeader) : -1;
    if (rank == 0) {
      elect(deadLeader);
    }
    return Math.max(0, rank) * RANK_MS;
  }

  /** Asks the other voters once, so that connections are there when they are needed. */
  boolean meet() {
    return rank(leaderId()) >= 0;
  }

  /** Elects this voter, if the others have not elected anybody meanwhile. Returns whether. */
  boolean insist(int deadLeader) throws IOException {
    boolean waits = leaderId() == deadLeader;
    if (waits) {
      elect(deadLeader);
    }
    return waits;
  }

  private int leaderId() {
    RaftPeerId leader = division.getInfo().getLeaderId();
    return leader == null ? -1 : RaftFolder.Identity.brokerId(leader.toString());
  }

  /**
   * How many voters did not tell whether they should go first; -1 when one should, or when this
   * member does not vote. Who is silent may have the longer log; without it there is no majority.
   */
  private int rank(int deadLeader) {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    if (last == null || !division.getInfo().isFollower()) {
      return -1;
    }
    List<CompletableFuture<Claim>> asked = new ArrayList<>();
    Claim own = null;
    for (Peer voter : voters) {
      if (voter.peerId().equals(server.getId().toString())) {
        own = new Claim(voter.brokerId(), last);
      } else if (voter.brokerId() != deadLeader) {
        asked.add(CompletableFuture.supplyAsync(() -> ask(voter, last), Submitter::daemonThread));
      }
    }
    if (own == null) {
      return -1;
    }
    int silent = 0;
    for (CompletableFuture<Claim> claim : asked) {
      Optional<Claim> other = answer(claim);
      if (other.isEmpty()) {
        silent++;
      } else if (Claim.BEST_FIRST.compare(other.get(), own) < 0) {
        return -1;
      }
    }
    return silent;
  }

  private static Optional<Claim> answer(CompletableFuture<Claim> claim) {
    try {
      return Optional.of(claim.get(ASK_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException silent) {
      LOG.debug("a voter did not tell the end of its log", silent);
      return Optional.empty();
    }
  }

  /** Asks for a vote that does not count, for what its refusal tells. */
  private Claim ask(Peer voter, TermIndex last) {
    RequestVoteRequestProto request =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(rpc(server.getId(), RaftPeerId.valueOf(voter.peerId())))
            .setCandidateTerm(division.getInfo().getCurrentTerm())
            .setCandidateLastEntry(last.toProto())
            .setPreVote(true)
            .build();
    try {
      return new Claim(
          voter.brokerId(),
          TermIndex.valueOf(server.getServerRpc().requestVote(request).getLastEntry()));
    } catch (IOException e) {
      throw new IllegalStateException("broker " + voter.brokerId() + " does not answer", e);
    }
  }

  private void elect(int deadLeader) throws IOException {
    DivisionInfo info = division.getInfo();
    RaftPeerId leader = info.getLeaderId();
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    if (leader == null || last == null || !info.isFollower()) {
      return;
    }
    boolean began =
        server
            .startLeaderElection(
                StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(rpc(leader, server.getId()))
                    .setLeaderLastEntry(last.toProto())
                    .build())
            .getServerReply()
            .getSuccess();
    LOG.debug("election after the end of broker {} began: {}", deadLeader, began);
  }

  private RaftRpcRequestProto.Builder rpc(RaftPeerId from, RaftPeerId to) {
    return RaftRpcRequestProto.newBuilder()
        .setRequestorId(from.toByteString())
        .setReplyId(to.toByteString())
        .setRaftGroupId(
            RaftGroupIdProto.newBuilder().setId(division.getMemberId().getGroupId().toByteString()))
        .setCallId(CALLS.incrementAndGet());
  }
}
