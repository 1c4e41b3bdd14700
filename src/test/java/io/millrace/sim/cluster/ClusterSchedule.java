package io.millrace.sim.cluster;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One seeded schedule of a cluster: clients produce, consume and hold groups while processes are
 * killed, paused and stopped, machines lose their power, links are cut, disks are slow and the
 * metadata log changes its leader; then the faults end, everything must come to rest, and all logs
 * are read.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterSchedule {
  /** Length of a schedule, unless said. */
  static final int STEPS = 60;

  private static final int REST_MS_MAX = 120_000;
  private final long seed;
  private final int steps;
  private final ClusterWorld world;
  private final StateChecker checker;
  private final Faults faults;
  private final FaultSequences sequences;
  private final Admin admin;
  private final List<ClusterProducer> producers = new ArrayList<>();
  private final List<ClusterConsumer> consumers = new ArrayList<>();
  private final List<ClusterMember> members = new ArrayList<>();
  private final List<PushMember> browsers = new ArrayList<>();

  private String traced = "";

  ClusterSchedule(long seed, int brokers, int steps) {
    this.seed = seed;
    this.steps = steps;
    // One replica in sync promises nothing to somebody whose machines lose their power.
    boolean losesPower = seed % 2 == 0;
    this.world =
        new ClusterWorld(
            seed,
            brokers,
            Map.of(
                "offsets.topic.num.partitions",
                "2",
                "replica.lag.time.max.ms",
                seed % 3 == 0 ? "3000" : "1000",
                "group.min.session.timeout.ms",
                "1000",
                "min.insync.replicas",
                losesPower ? "2" : "1"));
    this.checker = new StateChecker(world);
    this.faults = new Faults(world, losesPower);
    this.admin = new Admin(world);
    this.sequences = new FaultSequences(world, faults, admin);
  }

  /** What happened, in order. */
  List<String> events() {
    return world.events();
  }

  /** Runs it. @throws AssertionError that names the seed */
  void run() {
    try {
      begin();
      for (int step = 0; step < steps || sequences.isUnderWay(); step++) {
        step(step < steps);
        run(1 + world.random.nextInt(250));
      }
      comeToRest();
      readEverything();
    } catch (RuntimeException | AssertionError fault) {
      throw new AssertionError(
          "cluster schedule with seed "
              + seed
              + " failed (bin/simulate --cluster --seed "
              + seed
              + "): "
              + cause(fault)
              + "\n"
              + String.join("\n", world.events()),
          fault);
    }
  }

  private static String cause(Throwable fault) {
    Violation violation = Violation.in(fault);
    return violation == null ? fault.getMessage() : violation.getMessage();
  }

  private void run(int ms) {
    world.sim.runFor(ms);
    trace();
    checker.check();
    oneDelivers();
  }

  /** With {@code -Dsim.trace=topic-0} what becomes of that partition stands among the events. */
  private void trace() {
    String name = System.getProperty("sim.trace");
    if (name == null) {
      return;
    }
    int dash = name.lastIndexOf('-');
    PartitionImage decided =
        world
            .raft
            .image()
            .partition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    StringBuilder text = new StringBuilder(String.valueOf(decided));
    for (SimMachine machine : world.machines) {
      ClusterBroker broker = machine.broker();
      if (broker != null && broker.isServing()) {
        text.append("\n      ").append(broker.state());
        broker.partitions().all().stream()
            .filter(partition -> partition.toString().equals(name))
            .forEach(
                partition ->
                    text.append(partition.isLeader() ? " leads" : " follows")
                        .append(" epoch ")
                        .append(partition.leaderEpoch())
                        .append(" high watermark ")
                        .append(partition.highWatermark())
                        .append(" end ")
                        .append(partition.logEndOffset()));
      }
    }
    if (!text.toString().equals(traced)) {
      traced = text.toString();
      world.note(traced);
    }
  }

  /** No two sessions of a group deliver a partition at the same time. */
  private void oneDelivers() {
    Map<TopicPartition, PushMember> by = new HashMap<>();
    for (PushMember browser : browsers) {
      for (TopicPartition partition : browser.delivering()) {
        PushMember other = by.put(partition, browser);
        if (other != null) {
          throw new Violation(
              "one-deliverer", partition + " is delivered by " + other + " and by " + browser);
        }
      }
    }
  }

  private void begin() {
    world.machines.get(0).start();
    world.sim.runUntil(() -> world.machines.get(0).isServing(), 30_000);
    for (SimMachine machine : world.machines.subList(1, world.brokerCount())) {
      machine.start();
    }
    int most = Math.min(3, world.brokerCount());
    await("the cluster forms", this::everybodyServes);
    admin.create("plain", 3, most);
    admin.create("two", 1, Math.min(2, most));
    admin.create("solo", 1, 1, "flush.messages", "1");
    await("topics are created", admin::isIdle);
    int number = 0;
    for (String name : world.histories.keySet()) {
      int dash = name.lastIndexOf('-');
      String topic = name.substring(0, dash);
      int partition = Integer.parseInt(name.substring(dash + 1));
      producers.add(new ClusterProducer(world, topic, partition, number));
      producers.add(new ClusterProducer(world, topic, partition, number + 1));
      consumers.add(new ClusterConsumer(world, topic, partition, number));
      number += 2;
    }
    ClusterGroup group = new ClusterGroup("g");
    for (int i = 0; i < 3; i++) {
      members.add(new ClusterMember(world, group, "plain", 3, "m" + i));
      browsers.add(new PushMember(world, "w", "plain", "w" + i));
    }
  }

  private boolean everybodyServes() {
    ClusterImage image = world.raft.image();
    return world.machines.stream().allMatch(m -> m.isServing() && image.isAlive(m.id()));
  }

  private void await(String what, java.util.function.BooleanSupplier condition) {
    for (int ms = 0; !condition.getAsBoolean(); ms += 50) {
      admin.pump();
      if (ms > REST_MS_MAX) {
        throw new Violation("liveness", what + ": not within " + REST_MS_MAX + " ms, " + state());
      }
      run(50);
    }
  }

  private void step(boolean beginsMore) {
    int dice = world.random.nextInt(100);
    if (sequences.isUndisturbed() || (sequences.isUnderWay() && dice < 20)) {
      // It is to come to its end.
      admin.pump();
    } else if (dice < 25) {
      faults.step();
    } else if (beginsMore && dice > 95) {
      sequences.begin();
    } else if (dice < 28) {
      any(members).stall(2_000 + world.random.nextInt(6_000));
    } else if (dice < 32) {
      admin.step();
    }
    for (ClusterProducer producer : producers) {
      if (world.random.nextInt(3) == 0) {
        producer.produce();
      }
    }
    consumers.forEach(ClusterConsumer::poll);
    pump();
  }

  private void pump() {
    producers.forEach(ClusterProducer::pump);
    members.forEach(ClusterMember::step);
    browsers.forEach(PushMember::step);
    admin.pump();
  }

  private <T> T any(List<T> list) {
    return list.get(world.random.nextInt(list.size()));
  }

  /** Without faults everything is whole again within a bound of time. */
  private void comeToRest() {
    faults.end();
    long begun = world.sim.clock().monotonicMs();
    while (!isAtRest()) {
      faults.mend();
      pump();
      consumers.forEach(ClusterConsumer::poll);
      run(100);
      if (world.sim.clock().monotonicMs() - begun > REST_MS_MAX) {
        throw new Violation("liveness", "not whole within " + REST_MS_MAX + " ms: " + state());
      }
    }
    ClusterWorld.count("ms until whole", world.sim.clock().monotonicMs() - begun);
  }

  private boolean isAtRest() {
    return everybodyServes()
        && admin.isIdle()
        && producers.stream().allMatch(ClusterProducer::isDone)
        && members.stream().allMatch(ClusterMember::isSettled)
        && browsers.stream().allMatch(PushMember::isSettled)
        && world.raft.image().topics().values().stream().allMatch(ClusterSchedule::isWhole);
  }

  private static boolean isWhole(TopicImage topic) {
    return topic.partitions().stream()
        .allMatch(
            p ->
                p.hasLeader()
                    && p.isr().size() == p.replicas().size()
                    && p.adding().isEmpty()
                    && p.removing().isEmpty());
  }

  private String state() {
    StringBuilder text = new StringBuilder();
    ClusterImage image = world.raft.image();
    text.append("\n  log: leader ").append(world.raft.leaderId());
    text.append(", committed ").append(world.raft.committed());
    text.append(", controller ").append(image.controllerId());
    for (SimMachine machine : world.machines) {
      ClusterBroker broker = machine.broker();
      text.append("\n  broker ").append(machine.id()).append(": ");
      text.append(broker == null ? "none" : broker.state());
      text.append(image.isAlive(machine.id()) ? ", unfenced" : ", fenced");
    }
    for (TopicImage topic : image.topics().values()) {
      for (int i = 0; i < topic.partitions().size(); i++) {
        PartitionImage partition = topic.partition(i);
        text.append("\n  ").append(topic.name()).append('-').append(i).append(": ");
        text.append(partition);
      }
    }
    producers.stream().filter(p -> !p.isDone()).forEach(p -> text.append("\n  ").append(p));
    members.stream().filter(m -> !m.isSettled()).forEach(m -> text.append("\n  ").append(m));
    browsers.stream().filter(b -> !b.isSettled()).forEach(b -> text.append("\n  ").append(b));
    text.append(admin.isIdle() ? "" : "\n  " + admin);
    return text.toString();
  }

  private void readEverything() {
    for (int i = 0; i < 200 && !isAllRead(); i++) {
      consumers.forEach(ClusterConsumer::poll);
      run(100);
    }
    for (ClusterConsumer consumer : consumers) {
      consumer.checkAtEnd();
    }
    checker.checkWhole();
  }

  /** What leaders told last may still be on its way to a follower over a slow link. */
  private boolean isAllRead() {
    return consumers.stream().allMatch(ClusterConsumer::isAtEnd) && checker.isToldEverywhere();
  }
}
