package io.millrace.sim.cluster;

import io.millrace.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Faults that belong together: each sequence takes one partition, its leader and one of its
 * followers, brings them into a state that is rarely met by chance, and has the leader fail there.
 *
 * <p>Confined to: the test's thread.
 */
final class FaultSequences {
  private final ClusterWorld world;
  private final Faults faults;
  private final Admin admin;
  private int steps;
  private boolean undisturbed;

  /** Who plays which part. */
  private record Cast(ClusterHistory partition, SimMachine leader, SimMachine follower) {}

  FaultSequences(ClusterWorld world, Faults faults, Admin admin) {
    this.world = world;
    this.faults = faults;
    this.admin = admin;
  }

  /** Whether one is under way. */
  boolean isUnderWay() {
    return steps > 0;
  }

  /** Whether nothing else may go wrong meanwhile. */
  boolean isUndisturbed() {
    return isUnderWay() && undisturbed;
  }

  /** Begins one, if there is a partition for it. */
  void begin() {
    List<Cast> casts = casts();
    if (casts.isEmpty() || isUnderWay()) {
      return;
    }
    Cast cast = casts.get(world.random.nextInt(casts.size()));
    undisturbed = false;
    switch (world.random.nextInt(9)) {
      case 0, 1 -> followerIsCutOff(cast);
      case 2 -> followerIsSlow(cast);
      case 3 -> proposalIsLate(cast);
      case 4 -> leadershipGoesToAndFro(cast);
      case 5 -> answersAreLost(cast);
      case 6 -> sessionIsCutOff(cast);
      case 7 -> wishComesTwice(cast);
      default -> oneStartsAlone(cast);
    }
  }

  private List<Cast> casts() {
    List<Cast> casts = new ArrayList<>();
    for (ClusterHistory history : world.histories.values()) {
      PartitionImage now = world.raft.image().partition(history.topic(), history.partition());
      if (now == null || !now.hasLeader()) {
        continue;
      }
      for (int follower : now.replicas()) {
        if (follower != now.leader()) {
          casts.add(
              new Cast(history, world.machines.get(now.leader()), world.machines.get(follower)));
        }
      }
    }
    return casts;
  }

  private void note(String what, Cast cast) {
    world.note(
        "sequence of "
            + cast.partition.name()
            + ": "
            + what
            + ", leader "
            + cast.leader.id()
            + ", follower "
            + cast.follower.id());
  }

  private void at(long ms, Runnable step) {
    steps++;
    world.sim.at(
        Math.max(1, ms),
        () -> {
          steps--;
          step.run();
        });
  }

  private int upTo(int ms) {
    return world.random.nextInt(ms);
  }

  /** The follower leaves the ISR, and just then or a little later the leader is gone. */
  private void followerIsCutOff(Cast cast) {
    note("the follower is cut off", cast);
    world.network.cut(cast.follower.host(), cast.leader.host());
    if (world.random.nextBoolean()) {
      world.network.cut(cast.leader.host(), cast.follower.host());
    }
    long lost = world.lagTimeMaxMs / 2 + upTo(2 * world.lagTimeMaxMs);
    at(lost, () -> fail(cast.leader));
    at(lost + 200 + upTo(1_500), world.network::healAll);
  }

  private void followerIsSlow(Cast cast) {
    note("the follower is slow", cast);
    ClusterBroker slow = cast.follower.broker();
    if (slow != null) {
      slow.process().slowDown(500 + upTo(5_000));
    }
    long lost = world.lagTimeMaxMs / 2 + upTo(2 * world.lagTimeMaxMs);
    at(lost, () -> fail(cast.leader));
    at(lost + 200 + upTo(1_500), () -> quicken(slow));
  }

  private static void quicken(@org.jspecify.annotations.Nullable ClusterBroker broker) {
    if (broker != null) {
      broker.process().slowDown(1);
    }
  }

  /** The leader's wish comes late, when the follower is another process that has less. */
  private void proposalIsLate(Cast cast) {
    note("a proposal is late", cast);
    SimMachine controller = world.machines.get(Math.max(0, world.raft.leaderId()));
    faults.restart(cast.follower);
    long back = 100 + upTo(600);
    at(back, () -> world.network.cut(cast.leader.host(), controller.host()));
    at(
        back + upTo(800),
        () -> {
          faults.cutPower(cast.follower);
          world.network.cut(cast.follower.host(), cast.leader.host());
        });
    at(back + 800 + upTo(200), () -> startIfDown(cast.follower));
    at(back + 1_200 + upTo(1_000), () -> world.network.heal(cast.leader.host(), controller.host()));
    at(back + 2_300 + upTo(500), () -> fail(cast.leader));
    at(back + 3_000, world.network::healAll);
  }

  /** A wish that was repeated comes again, when the follower has left the ISR. */
  private void wishComesTwice(Cast cast) {
    note("a wish comes twice", cast);
    faults.restart(cast.follower);
    world.network.slowDown(cast.leader.host());
    for (int i = 1; i <= 8; i++) {
      at(100L * i + upTo(100), world.network::breakSome);
    }
    at(
        900,
        () -> {
          world.network.healAll();
          world.network.cut(cast.follower.host(), cast.leader.host());
        });
    at(6_000, world.network::healAll);
  }

  /** Requests of an earlier epoch arrive in a later one. */
  private void leadershipGoesToAndFro(Cast cast) {
    note("leadership goes to and fro", cast);
    world.network.slowDown(cast.follower.host());
    long ms = 0;
    for (int i = 0; i < 4; i++) {
      ms += 100 + upTo(700);
      SimMachine next = i % 2 == 0 ? cast.leader : cast.follower;
      at(ms, () -> admin.lead(cast.partition, next.id()));
      at(ms + upTo(200), world.network::breakSome);
    }
    at(ms + 200, world.network::healAll);
  }

  /** What was decided is asked for again, on another connection. */
  private void answersAreLost(Cast cast) {
    note("answers are lost", cast);
    world.network.loseAnswers(2_000);
    for (int i = 1; i < 6; i++) {
      at(upTo(2_000), admin::createSome);
    }
  }

  /** A broker and its sessions are cut off from the coordinators for longer than a session. */
  private void sessionIsCutOff(Cast cast) {
    note("a session is cut off", cast);
    SimMachine machine = world.random.nextBoolean() ? cast.leader : cast.follower;
    world.network.isolate(machine.host(), world.hosts());
    at(3_500 + upTo(3_000), world.network::healAll);
  }

  /** All are down, and one starts without a quorum. */
  private void oneStartsAlone(Cast cast) {
    note("one starts alone", cast);
    undisturbed = true;
    for (SimMachine machine : world.machines) {
      if (machine.broker() != null) {
        machine.kill();
      }
    }
    SimMachine alone = world.random.nextBoolean() ? cast.leader : cast.follower;
    at(upTo(200), () -> startIfDown(alone));
    at(11_000 + upTo(1_000), () -> world.machines.forEach(FaultSequences::startIfDown));
  }

  private static void startIfDown(SimMachine machine) {
    if (machine.broker() == null) {
      machine.start();
    }
  }

  private void fail(SimMachine machine) {
    ClusterBroker broker = machine.broker();
    if (broker == null) {
      return;
    }
    switch (world.random.nextInt(4)) {
      case 0 -> faults.pause(machine, broker);
      case 1 -> faults.stop(machine, broker);
      case 2 -> faults.cutPower(machine);
      default -> machine.kill();
    }
  }
}
