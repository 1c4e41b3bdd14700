package io.millrace.testkit.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something that befalls a cluster under load and ends again. Immutable.
 *
 * @param name what happens, in words
 * @param needs what the machine must have for it
 * @param strict whether clients must not notice: no failure, no long gap
 * @param script does it and undoes it
 */
public record Fault(String name, Needs needs, boolean strict, Consumer<Trial> script) {
  /** What a fault needs. */
  public enum Needs {
    /** Processes alone. */
    NOTHING,
    /** A {@link PrivateNetwork}. */
    NETWORK,
    /** A small disk below one broker's folder. */
    SMALL_DISK
  }

  @Override
  public String toString() {
    return name;
  }

  private static Fault process(String name, Consumer<Trial> script) {
    return new Fault(name, Needs.NOTHING, false, script);
  }

  private static Fault network(String name, Consumer<Trial> script) {
    return new Fault(name, Needs.NETWORK, false, script);
  }

  /** All faults, the short ones first. */
  public static List<Fault> all() {
    List<Fault> all = new ArrayList<>();
    all.add(process("kill -9 of a leader", trial -> trial.killAndRestart(trial.leader())));
    all.add(
        process("kill -9 of a coordinator", trial -> trial.killAndRestart(trial.coordinator())));
    all.add(
        process("kill -9 of the controller", trial -> trial.killAndRestart(trial.controller())));
    all.add(process("kill -9 of two at once", Fault::killTwo));
    all.add(process("kill -9 of one after another", Fault::killInTurn));
    all.add(process("kill -9 of all at once", Fault::killAll));
    all.add(new Fault("rolling restart", Needs.NOTHING, true, Trial::rollingRestart));
    all.add(process("a leader frozen for 8 s", trial -> trial.freeze(trial.leader())));
    all.add(process("the controller frozen for 8 s", trial -> trial.freeze(trial.controller())));
    all.add(
        network("a leader hears nothing from a follower", t -> t.cut(t.follower(), t.leader())));
    all.add(
        network("a follower hears nothing from its leader", t -> t.cut(t.leader(), t.follower())));
    all.add(network("no link between leader and follower", Fault::cutBothWays));
    all.add(network("a leader without network", trial -> trial.unplug(trial.leader())));
    all.add(network("the controller without network", trial -> trial.unplug(trial.controller())));
    all.add(
        network("a leader killed while Hazelcast is blocked", Fault::killWhileHazelcastIsBlocked));
    all.add(new Fault("a full disk", Needs.SMALL_DISK, false, Trial::fillDisk));
    return List.copyOf(all);
  }

  private static void killTwo(Trial trial) {
    ClusterNode leader = trial.leader();
    ClusterNode follower = trial.follower();
    leader.kill();
    follower.kill();
    trial.hold();
    leader.start();
    follower.start();
    trial.cluster().awaitFormed();
  }

  private static void killInTurn(Trial trial) {
    for (ClusterNode node : trial.cluster().nodes()) {
      trial.killAndRestart(node);
      trial.cluster().awaitFullIsr(List.of(trial.load().topic()));
    }
  }

  private static void killAll(Trial trial) {
    trial.cluster().nodes().forEach(ClusterNode::kill);
    trial.cluster().nodes().forEach(ClusterNode::start);
    trial.cluster().awaitFormed();
  }

  private static void cutBothWays(Trial trial) {
    PrivateNetwork network = trial.network();
    int leader = trial.leader().id();
    int follower = trial.follower().id();
    network.cut(leader, follower);
    network.cut(follower, leader);
    trial.hold();
    network.mend(leader, follower);
    network.mend(follower, leader);
  }

  private static void killWhileHazelcastIsBlocked(Trial trial) {
    PrivateNetwork network = trial.network();
    List<ClusterNode> nodes = trial.cluster().nodes();
    nodes.forEach(at -> network.blockPort(at.id(), at.peerPort() + 1));
    trial.hold();
    trial.killAndRestart(trial.leader());
    nodes.forEach(at -> network.unblockPort(at.id(), at.peerPort() + 1));
  }
}
