package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.partition.AppendOutcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Followers that are far from their leader, or become so: what they are sent, and told. */
class FarFollowersTest {
  private static final int PARTITIONS = 6;

  @Test
  void recordsLeaveForAFarFollowerBeforeItHasToldOfThoseBefore() {
    ReplicaWorld world = new ReplicaWorld(11, 3, 60_000, Map.of()).fetching(Map.of()).start(1);
    world.network.setWay(50);
    List<Future<AppendOutcome>> appends = new ArrayList<>();
    List<Long> tookMs = new ArrayList<>();

    for (int i = 0; i < 600; i++) {
      long sentMs = world.sim.clock().monotonicMs();
      appends.add(world.nodes.get(1).append(0, -1, "v" + i));
      if (i >= 400) {
        appends.get(i).onSuccess(done -> tookMs.add(world.sim.clock().monotonicMs() - sentMs));
      }
      world.sim.runFor(10);
    }
    world.settle(0);

    assertThat(tookMs).hasSize(200);
    tookMs.sort(null);
    assertThat(tookMs.get(100)).isLessThan(135); // the way there and back is 100
    assertThat(world.nodes.get(2).read(0)).hasSize(600).isEqualTo(world.nodes.get(1).read(0));
    assertThat(world.nodes.get(3).read(0)).isEqualTo(world.nodes.get(1).read(0));
  }

  /** Followers ask and leaders answer at the same moment: no answer is passed over for good. */
  @Test
  void areToldOfTheLastRecordHoweverRequestsAndAnswersCross() {
    for (long seed = 1; seed <= 20; seed++) {
      ReplicaWorld world = new ReplicaWorld(seed, 3, 60_000, Map.of()).start(PARTITIONS);
      for (int round = 0; round < 20; round++) {
        produceAndCheck(world, seed, round);
      }
    }
  }

  /** A leader that becomes near sends no more ahead of what it is told, and answers are dropped. */
  @Test
  void areToldOfTheLastRecordWhenTheWayChanges() {
    for (long seed = 1; seed <= 20; seed++) {
      ReplicaWorld world = new ReplicaWorld(seed, 3, 60_000, Map.of()).start(PARTITIONS);
      for (int round = 0; round < 20; round++) {
        world.network.setWay(round / 3 % 2 == 0 ? 8 : 0);
        produceAndCheck(world, seed, round);
      }
    }
  }

  private static void produceAndCheck(ReplicaWorld world, long seed, int round) {
    List<Future<AppendOutcome>> all = new ArrayList<>();
    for (int i = 0; i < 6 * PARTITIONS; i++) {
      int number = world.random.nextInt(PARTITIONS);
      int leader = world.controller.decided(number).leader();
      all.add(world.nodes.get(leader).append(number, -1, "v" + i));
      world.sim.runFor(world.random.nextInt(4));
    }
    all.forEach(each -> world.sim.await(each, 1_000));
    world.sim.runFor(400);

    for (int number = 0; number < PARTITIONS; number++) {
      long committed =
          world
              .nodes
              .get(world.controller.decided(number).leader())
              .partition(number)
              .highWatermark();
      for (ReplicaWorld.Node node : world.nodes.values()) {
        assertThat(node.partition(number).highWatermark())
            .as("partition %d at a follower, round %d of seed %d", number, round, seed)
            .isEqualTo(committed);
      }
    }
  }
}
