package io.millrace.sim.cluster;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.eventloop.SimScheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network between the machines of a simulated cluster, as TCP shows it: what is sent on one
 * connection arrives late but in order; a link that is cut in one direction or both keeps bytes
 * back until it heals; a connection that breaks loses what is under way, or delivers it later,
 * behind what was sent again on a new one; the port of a dead process refuses, that of a paused one
 * is silent, and so is a machine without power.
 *
 * <p>Confined to: the test's thread.
 */
public final class SimNetwork {
  private final SimScheduler sim;
  private final Random random;
  private final Map<PeerAddress, SimPeerDoor> doors = new LinkedHashMap<>();
  private final Set<Direction> cuts = new HashSet<>();
  private final Set<String> dark = new HashSet<>();
  private final Set<String> slow = new HashSet<>();
  private long losesAnswersUntilMs;
  private long wayNs;
  private final Set<SimConnection> connections = new LinkedHashSet<>();

  private record Direction(String from, String to) {}

  /** A network in which everything reaches everything. */
  public SimNetwork(SimScheduler sim) {
    this.sim = sim;
    this.random = new Random(sim.random().nextLong());
  }

  SimScheduler sim() {
    return sim;
  }

  Random random() {
    return random;
  }

  /** The link of a process on that machine to the others. */
  public SimPeerLink link(String host, SimScheduler.Process process) {
    SimPeerLink link = new SimPeerLink(this, host);
    process.onEnd(link::ended);
    return link;
  }

  /** From now on {@code door} answers at {@code address}, until its process ends. */
  public void listen(PeerAddress address, SimPeerDoor door) {
    doors.put(address, door);
    door.process().onEnd(() -> closed(address, door));
  }

  /** The ports of a process are closed, and the connections to them. */
  public void close(SimScheduler.Process process) {
    new LinkedHashMap<>(doors)
        .forEach(
            (address, door) -> {
              if (door.process() == process) {
                closed(address, door);
              }
            });
  }

  private void closed(PeerAddress address, SimPeerDoor door) {
    doors.remove(address, door);
    for (SimConnection connection : List.copyOf(connections)) {
      if (connection.door() == door) {
        connection.reset();
      }
    }
  }

  @Nullable SimPeerDoor door(PeerAddress address) {
    return doors.get(address);
  }

  /** Bytes from one machine reach the other no more. */
  public void cut(String from, String to) {
    cuts.add(new Direction(from, to));
  }

  /** Nothing passes between a machine and all others of {@code hosts}. */
  public void isolate(String host, List<String> hosts) {
    for (String other : hosts) {
      if (!other.equals(host)) {
        cut(host, other);
        cut(other, host);
      }
    }
  }

  /** All links pass bytes again, at their usual pace. */
  public void healAll() {
    cuts.clear();
    slow.clear();
    losesAnswersUntilMs = 0;
  }

  /** Bytes from one machine reach the other again. */
  public void heal(String from, String to) {
    cuts.remove(new Direction(from, to));
  }

  /** Whether any link is cut. */
  public boolean isCut() {
    return !cuts.isEmpty();
  }

  /** The machine has no power: it answers nothing, not even with a refusal. */
  public void powerOff(String host) {
    dark.add(host);
  }

  /** The machine has power again. */
  public void powerOn(String host) {
    dark.remove(host);
  }

  /** What a machine sends takes ten to a hundred times longer, until {@link #healAll}. */
  public void slowDown(String host) {
    slow.add(host);
  }

  /** Whether bytes from one machine reach the other now. */
  public boolean passes(String from, String to) {
    return !dark.contains(from)
        && !dark.contains(to)
        && (from.equals(to) || !cuts.contains(new Direction(from, to)));
  }

  /** Whether two machines can talk now. */
  public boolean connects(String one, String other) {
    return passes(one, other) && passes(other, one);
  }

  /** Breaks some of the connections that there are. */
  public void breakSome() {
    for (SimConnection connection : new ArrayList<>(connections)) {
      if (random.nextInt(3) == 0) {
        connection.reset();
      }
    }
  }

  /** For so long some of the answers between brokers are lost, with their connections. */
  public void loseAnswers(int ms) {
    losesAnswersUntilMs = sim.clock().monotonicMs() + ms;
  }

  boolean losesAnswer(SimConnection connection) {
    return sim.clock().monotonicMs() < losesAnswersUntilMs
        && connection.to().port() == ClusterBroker.PEER_PORT
        && random.nextInt(3) == 0;
  }

  /** How long a message takes, in ns. */
  long delayNs(String from) {
    long usual = 50_000 + random.nextInt(random.nextInt(20) == 0 ? 30_000_000 : 1_000_000);
    return slow.contains(from) ? usual * (10 + random.nextInt(90)) : usual;
  }

  /** Everything that is sent from now on between machines takes so much longer. */
  public void setWay(long ms) {
    wayNs = ms * 1_000_000;
  }

  /** What a message takes for the way alone, whatever goes before it, in ns. */
  long wayNs() {
    return wayNs;
  }

  void opened(SimConnection connection) {
    connections.add(connection);
  }

  void forget(SimConnection connection) {
    connections.remove(connection);
  }
}
