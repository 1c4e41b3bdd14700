package io.millrace.partition.replication;

import io.millrace.metadata.PartitionImage;
import io.millrace.partition.Partition;
import io.millrace.partition.replication.ReplicaWorld.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;

/** One random history, and what must hold in it. */
final class ReplicationHistory {
  private static final int STEPS = 200;
  private static final long LAG_MS = 2_000;

  private final ReplicaWorld world;
  private final Random random;
  private final boolean powerCuts;
  private final boolean far;
  private final Map<Long, String> acknowledged = new TreeMap<>();
  private final Map<Integer, long[]> seen = new HashMap<>();
  private int values;

  ReplicationHistory(long seed, Map<String, String> topicConfig, boolean powerCuts) {
    this.world = new ReplicaWorld(seed, 3, LAG_MS, topicConfig);
    this.random = new Random(seed * 31);
    this.powerCuts = powerCuts;
    this.far = seed % 3 == 0;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  void run() {
    if (far) {
      world.network.setWay(2 + random.nextInt(20));
    }
    world.start(1);
    for (int step = 0; step < STEPS; step++) {
      act();
      world.sim.runFor(random.nextInt(60));
      checkHighWatermarks();
      if (step % 10 == 0) {
        checkCommitted();
      }
    }
    world.network.healAll();
    world.each(this::revive);
    world.settle(0);
    checkCommitted();
    checkAcknowledged();
  }

  private void act() {
    int what = random.nextInt(100);
    Node node = world.nodes.get(1 + random.nextInt(3));
    if (what < 60) {
      append();
    } else if (what < 66) {
      end(node);
    } else if (what < 80) {
      revive(node);
    } else if (what < 84) {
      elect();
    } else if (what < 88) {
      leaderDies();
    } else if (what < 90) {
      world.network.isolate(node.host(), List.of("host-1", "host-2", "host-3"));
    } else if (what < 92) {
      world.network.breakSome();
    } else if (what < 94) {
      world.network.slowDown(node.host());
    } else {
      world.network.healAll();
    }
  }

  private void end(Node node) {
    if (!node.isAlive()) {
      return;
    }
    if (powerCuts && random.nextBoolean()) {
      node.cutPower();
    } else {
      node.kill();
    }
    if (random.nextBoolean()) {
      world.controller.fence(node.id);
    }
  }

  /** The leader dies, is fenced at once, and comes back soon. */
  private void leaderDies() {
    Node leader = world.nodes.get(world.controller.decided(0).leader());
    if (leader != null && leader.isAlive()) {
      leader.kill();
      world.controller.fence(leader.id);
      world.sim.runFor(random.nextInt(200));
      leader.launch();
    }
  }

  private void revive(Node node) {
    if (!node.isAlive()) {
      node.launch();
    }
  }

  private void elect() {
    PartitionImage now = world.controller.decided(0);
    List<Integer> alive =
        now.isr().stream().filter(id -> world.controller.image().isAlive(id)).toList();
    if (now.leader() >= 0 && !alive.isEmpty()) {
      world.controller.change(0, alive.get(random.nextInt(alive.size())), now.isr());
    }
  }

  /** To whom the client takes for the leader: the decided one, or any that thinks it is. */
  private void append() {
    int leader = world.controller.decided(0).leader();
    int asked = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : leader;
    Node node = world.nodes.get(asked);
    if (node == null || !node.isAlive() || node.partition(0) == null) {
      return;
    }
    int acks = random.nextInt(4) == 0 ? 1 : -1;
    String value = "v" + values++;
    node.append(0, acks, value)
        .onSuccess(
            outcome -> {
              if (acks == -1 && outcome.error() == Errors.NONE) {
                acknowledged.put(outcome.baseOffset(), value);
              }
            });
  }

  /** Within a leader epoch, what a reader at the leader may see never falls. */
  private void checkHighWatermarks() {
    for (Node node : world.nodes.values()) {
      Partition partition = node.isAlive() ? node.partition(0) : null;
      if (partition != null && partition.isLeader()) {
        long[] last =
            seen.computeIfAbsent(partition.leaderEpoch(), epoch -> new long[] {node.id, 0});
        if (last[0] != node.id) {
          throw new AssertionError("two leaders in epoch " + partition.leaderEpoch());
        }
        if (partition.highWatermark() < last[1]) {
          throw new AssertionError("the high watermark fell to " + partition.highWatermark());
        }
        last[1] = partition.highWatermark();
      }
    }
  }

  /** What is committed is the same wherever it is. */
  private void checkCommitted() {
    Map<Long, String> all = new TreeMap<>();
    for (Node node : world.nodes.values()) {
      Partition partition = node.isAlive() ? node.partition(0) : null;
      if (partition == null || partition.logEndOffset() < 0) {
        continue;
      }
      long highWatermark = partition.highWatermark();
      for (Map.Entry<Long, String> each : node.read(0).entrySet()) {
        if (each.getKey() < highWatermark) {
          String other = all.putIfAbsent(each.getKey(), each.getValue());
          if (other != null && !other.equals(each.getValue())) {
            throw new AssertionError(
                "offset " + each.getKey() + " is " + other + " and " + each.getValue());
          }
        }
      }
    }
  }

  private void checkAcknowledged() {
    List<String> missing = new ArrayList<>();
    for (Node node : world.nodes.values()) {
      Map<Long, String> log = node.read(0);
      acknowledged.forEach(
          (offset, value) -> {
            String there = log.get(offset);
            if (there == null || !there.endsWith(":" + value)) {
              missing.add(value + " at " + offset + " of broker " + node.id + ": " + there);
            }
          });
    }
    if (!missing.isEmpty()) {
      throw new AssertionError("acknowledged and lost: " + missing);
    }
  }
}
