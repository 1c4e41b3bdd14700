package io.millrace.sim.cluster;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What happens to machines, links and the metadata log. A machine loses its power or disk only
 * while what was acknowledged is held by another replica in sync that has lost nothing itself: more
 * no broker promises.
 *
 * <p>Confined to: the test's thread.
 */
final class Faults {
  private final ClusterWorld world;

  /** By machine: partitions of which it may have lost records, until it is in sync again. */
  private final Map<Integer, Set<String>> lossy = new HashMap<>();

  private final boolean losesPower;
  private boolean over;

  Faults(ClusterWorld world, boolean losesPower) {
    this.world = world;
    this.losesPower = losesPower;
  }

  /** One thing goes wrong, or right again. */
  void step() {
    SimMachine machine = world.machines.get(world.random.nextInt(world.brokerCount()));
    ClusterBroker broker = machine.broker();
    if (broker == null || broker.broken() != null || broker.ready().failed()) {
      restart(machine);
      return;
    }
    if (broker.process().isPaused() && world.random.nextBoolean()) {
      world.note("resume " + machine.id());
      broker.process().resume();
      return;
    }
    switch (world.random.nextInt(17)) {
      case 0, 1 -> machine.kill();
      case 2 -> cutPower(machine);
      case 3 -> stop(machine, broker);
      case 4, 5 -> pause(machine, broker);
      case 6 -> {
        world.note("isolate " + machine.id());
        world.network.isolate(machine.host(), world.hosts());
      }
      case 7, 8 -> cutOneWay(machine);
      case 9 -> {
        world.note("connections break");
        world.network.breakSome();
      }
      case 10 -> {
        world.note("slow link of " + machine.id());
        world.network.slowDown(machine.host());
      }
      case 11 -> {
        world.note("slow disk of " + machine.id());
        broker.process().slowDown(50 + world.random.nextInt(300));
      }
      case 12 -> raft();
      case 13 -> {
        world.note("answers are lost");
        world.network.loseAnswers(100 + world.random.nextInt(1_500));
      }
      default -> {
        if (world.network.isCut()) {
          world.note("links heal");
        }
        world.network.healAll();
      }
    }
  }

  private void raft() {
    switch (world.random.nextInt(5)) {
      case 0 -> {
        world.note("the log changes its leader");
        world.raft.moveLeadership();
      }
      case 1 -> world.raft.refuseNextSubmission();
      case 2 -> {
        world.note("the log is slow");
        world.raft.slowDown(500 + world.random.nextInt(2_000));
      }
      case 3 -> {
        int late = world.random.nextInt(world.brokerCount());
        world.note(late + " applies late");
        world.raft.applyLate(late, 500 + world.random.nextInt(3_000));
      }
      default -> world.raft.doubleNextSubmission();
    }
  }

  private void cutOneWay(SimMachine machine) {
    if (world.brokerCount() == 1) {
      return;
    }
    int other =
        (machine.id() + 1 + world.random.nextInt(world.brokerCount() - 1)) % world.brokerCount();
    world.note("cut from " + machine.id() + " to " + other);
    world.network.cut(machine.host(), ClusterWorld.host(other));
    if (world.random.nextBoolean()) {
      world.network.cut(ClusterWorld.host(other), machine.host());
    }
  }

  void pause(SimMachine machine, ClusterBroker broker) {
    world.note("pause " + machine.id());
    broker.process().pause();
    world.sim.at(
        200 + world.random.nextInt(8_000),
        () -> {
          if (broker.process().isAlive() && broker.process().isPaused()) {
            world.note("resume " + machine.id());
            broker.process().resume();
          }
        });
  }

  void stop(SimMachine machine, ClusterBroker broker) {
    if (!broker.isServing() || broker.process().isPaused()) {
      return;
    }
    world.note("stop " + machine.id());
    broker
        .stop()
        .onComplete(
            done -> {
              if (machine.broker() == broker) {
                world.note("stopped " + machine.id());
                machine.stopped();
              }
            });
  }

  void restart(SimMachine machine) {
    if (machine.broker() != null) {
      machine.kill();
    }
    machine.start();
  }

  /** The power goes; or with it the disk, where nothing is on it that is nowhere else. */
  void cutPower(SimMachine machine) {
    ClusterImage image = world.raft.image();
    if (!losesPower || !isDispensable(image, machine.id(), false)) {
      return;
    }
    if (world.random.nextBoolean() && isDispensable(image, machine.id(), true)) {
      machine.loseDisk();
    } else {
      machine.cutPower();
    }
    noteLosses(image, machine.id());
  }

  private void noteLosses(ClusterImage image, int machine) {
    Set<String> lost = lossy.computeIfAbsent(machine, id -> new HashSet<>());
    for (TopicImage topic : image.topics().values()) {
      for (int i = 0; i < topic.partitions().size(); i++) {
        if (topic.partition(i).replicas().contains(machine)) {
          lost.add(topic.name() + "-" + i);
        }
      }
    }
  }

  /** Whether others hold what a machine would lose with its power, or with its disk. */
  private boolean isDispensable(ClusterImage image, int id, boolean withDisk) {
    forgetMended(image);
    for (TopicImage topic : image.topics().values()) {
      for (int i = 0; i < topic.partitions().size(); i++) {
        PartitionImage partition = topic.partition(i);
        String name = topic.name() + "-" + i;
        // Who has just left the ISR may leave one behind whose power was cut a moment before.
        boolean mayBeElected =
            partition.isr().contains(id)
                || partition.eligible().contains(id)
                || partition.lastIsr().contains(id);
        boolean alone =
            mayBeElected
                && (withDisk || !promisesNothingMore(topic.name()))
                && partition.isr().stream().noneMatch(k -> k != id && !mayLack(k, name));
        if (alone) {
          return false;
        }
      }
    }
    return true;
  }

  /** Every record is flushed before it is acknowledged, or nobody writes to it. */
  private static boolean promisesNothingMore(String topic) {
    return topic.equals("solo") || topic.matches("t[0-9]+");
  }

  private boolean mayLack(int id, String partition) {
    return lossy.getOrDefault(id, Set.of()).contains(partition);
  }

  /** Who is in sync again as a process that began after its power cut has everything. */
  private void forgetMended(ClusterImage image) {
    for (Map.Entry<Integer, Set<String>> entry : lossy.entrySet()) {
      int id = entry.getKey();
      ClusterBroker broker = world.machines.get(id).broker();
      boolean registered =
          broker != null
              && image.broker(id) != null
              && image.broker(id).incarnation().equals(broker.incarnation());
      if (registered) {
        entry
            .getValue()
            .removeIf(
                name -> {
                  int dash = name.lastIndexOf('-');
                  PartitionImage partition =
                      image.partition(
                          name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
                  return partition == null || partition.isr().contains(id);
                });
      }
    }
  }

  /** Nothing goes wrong any more. */
  void end() {
    over = true;
    world.note("the faults end");
    world.network.healAll();
    for (SimMachine machine : world.machines) {
      ClusterBroker broker = machine.broker();
      if (broker != null) {
        broker.process().slowDown(1);
        broker.process().resume();
      }
    }
  }

  /** Who is down is started, as an operator does. */
  void mend() {
    for (SimMachine machine : world.machines) {
      ClusterBroker broker = machine.broker();
      if (over && (broker == null || broker.broken() != null || broker.ready().failed())) {
        restart(machine);
      }
    }
  }
}
