package io.millrace.sim.cluster;

import io.millrace.cluster.QuorumView;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.FactRefusedException;
import io.millrace.metadata.MetadataEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The metadata log of a simulated cluster, by the rules of Raft but without its messages: logs of
 * the members are durable and never forked below what is committed, a leader commits what a
 * majority of the voters holds, a member votes for a log that is not behind its own. Who reaches
 * whom is asked of the network at each round, so a minority commits nothing, and a leader that was
 * cut off believes in itself for a while.
 *
 * <p>A cluster begins with one voter; brokers that join are listeners, and vote when two of them
 * have caught up.
 *
 * <p>Confined to: the test's thread.
 */
public final class SimRaft {
  static final int HEARTBEAT_MS = 100;
  static final int STEP_DOWN_MS = 2_000;

  private final SimScheduler sim;
  private final SimNetwork network;
  private final Random random;
  private final Map<Integer, SimRaftNode> nodes = new TreeMap<>();
  private final TreeSet<Integer> voters = new TreeSet<>();
  final Uuid groupId;
  private ClusterImage image = ClusterImage.EMPTY;
  private int observed;
  private long slowUntilMs;
  private int lateId = -1;
  private long lateUntilMs;
  private Consumer<ClusterImage> observer = decided -> {};

  /** An entry as a member stores it; no bytes: a leader's own first entry. */
  record Stored(long term, byte @Nullable [] entry) {}

  /** A log that nobody carries yet. */
  public SimRaft(SimScheduler sim, SimNetwork network) {
    this.sim = sim;
    this.network = network;
    this.random = new Random(sim.random().nextLong());
    this.groupId = new Uuid(random.nextLong(), 7);
  }

  SimScheduler sim() {
    return sim;
  }

  Random random() {
    return random;
  }

  /**
   * The log on that broker, for one run of its process. The first broker of all is the only voter;
   * others follow.
   *
   * @param host its machine
   * @param control the loop that the log lives on
   */
  public SimMetadataLog open(
      int brokerId, String host, SimScheduler.Process process, EventLoop control) {
    if (nodes.isEmpty()) {
      voters.add(brokerId);
    }
    SimRaftNode node = nodes.computeIfAbsent(brokerId, id -> new SimRaftNode(this, id, host));
    return node.run(process, control);
  }

  Collection<SimRaftNode> nodes() {
    return nodes.values();
  }

  @Nullable SimRaftNode node(int brokerId) {
    return nodes.get(brokerId);
  }

  boolean isVoter(int brokerId) {
    return voters.contains(brokerId);
  }

  boolean isAlone(int brokerId) {
    return voters.size() == 1 && voters.contains(brokerId);
  }

  TreeSet<Integer> voters() {
    return voters;
  }

  boolean hears(SimRaftNode from, SimRaftNode to) {
    return from == to || (to.isRunning() && network.passes(from.host(), to.host()));
  }

  boolean talks(SimRaftNode one, SimRaftNode other) {
    return hears(one, other) && (one == other || network.passes(other.host(), one.host()));
  }

  /** Whether these are a majority of the voters. */
  boolean isMajority(Collection<Integer> members) {
    long votes = members.stream().filter(voters::contains).count();
    return votes > voters.size() / 2;
  }

  /** Voters are taken in when two more have caught up: two are never a resting state. */
  void growVoters(SimRaftNode leader) {
    List<Integer> caughtUp = new ArrayList<>();
    for (SimRaftNode node : nodes.values()) {
      if (!voters.contains(node.id()) && talks(leader, node) && node.logEnd() == leader.logEnd()) {
        caughtUp.add(node.id());
      }
    }
    if (caughtUp.size() >= 2) {
      voters.addAll(caughtUp.subList(0, 2));
    }
  }

  /** Leadership moves by itself, as it does on a busy machine; what is under way may be lost. */
  public void moveLeadership() {
    for (SimRaftNode node : nodes.values()) {
      if (node.isLeader() && voters.size() > 1) {
        node.stepDown();
      }
    }
  }

  /** For so long each entry waits a while before it stands in the log. */
  public void slowDown(int ms) {
    slowUntilMs = sim.clock().monotonicMs() + ms;
  }

  boolean isSlow() {
    return sim.clock().monotonicMs() < slowUntilMs;
  }

  /** For so long a broker applies what is committed a second or two late. */
  public void applyLate(int brokerId, int ms) {
    lateId = brokerId;
    lateUntilMs = sim.clock().monotonicMs() + ms;
  }

  boolean appliesLate(int brokerId) {
    return lateId == brokerId && sim.clock().monotonicMs() < lateUntilMs;
  }

  /** The next submission on the leader is refused. */
  public void refuseNextSubmission() {
    nodes.values().forEach(node -> node.refuseNext = true);
  }

  /** The next entry that is submitted stands in the log twice. */
  public void doubleNextSubmission() {
    nodes.values().forEach(node -> node.doubleNext = true);
  }

  /** The broker that leads the log in the greatest term; -1 when nobody does. */
  public int leaderId() {
    SimRaftNode leader = null;
    for (SimRaftNode node : nodes.values()) {
      if (node.isLeader() && (leader == null || node.term() > leader.term())) {
        leader = node;
      }
    }
    return leader == null ? -1 : leader.id();
  }

  /** Number of entries that are committed, as the one that knows most knows. */
  public long committed() {
    return nodes.values().stream().mapToLong(SimRaftNode::commitIndex).max().orElse(0);
  }

  /** Shows every image, one after the other, when {@link #image} comes to it. */
  void observe(Consumer<ClusterImage> by) {
    observer = by;
  }

  /** The image that all committed entries lead to, whoever has applied them. */
  public ClusterImage image() {
    SimRaftNode most = null;
    for (SimRaftNode node : nodes.values()) {
      if (most == null || node.commitIndex() > most.commitIndex()) {
        most = node;
      }
    }
    while (most != null && observed < most.commitIndex()) {
      Stored stored = most.stored(observed++);
      byte[] bytes = stored.entry();
      if (bytes != null) {
        MetadataEntry entry = FactCodec.decode(ByteBuffer.wrap(bytes));
        try {
          image = image.apply(stored.term(), entry, new ClusterChange.Touched());
        } catch (FactRefusedException refused) {
          image = image.skip();
        }
        observer.accept(image);
      }
    }
    return image;
  }

  QuorumView view(SimRaftNode seenBy) {
    List<QuorumView.Member> voting = new ArrayList<>();
    List<QuorumView.Member> observing = new ArrayList<>();
    for (SimRaftNode node : nodes.values()) {
      QuorumView.Member member = new QuorumView.Member(node.id(), node.logEnd(), -1);
      (isVoter(node.id()) ? voting : observing).add(member);
    }
    return new QuorumView(
        seenBy.leaderKnown(), seenBy.term(), seenBy.commitIndex(), voting, observing);
  }
}
