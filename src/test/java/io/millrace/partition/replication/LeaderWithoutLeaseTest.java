package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.partition.AppendOutcome;
import io.millrace.partition.ReadLimit;
import io.millrace.partition.ReadOutcome;
import io.vertx.core.Future;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * A leader that may have been replaced without knowing it: what it answers, and what it does not.
 */
class LeaderWithoutLeaseTest {
  private static final long LAG_MS = 3_000;

  private static ReplicaWorld three() {
    return new ReplicaWorld(11, 3, LAG_MS, ReplicaWorld.config()).start(1);
  }

  private static AppendOutcome append(ReplicaWorld world, int broker, int acks, String value) {
    return world.sim.await(
        world.nodes.get(broker).append(0, acks, value), ReplicaWorld.PATIENCE_MS);
  }

  @Test
  void aLeaderWithoutALeaseSaysOfNoOffsetThatItDoesNotExist() {
    ReplicaWorld world = three();
    append(world, 1, -1, "v");
    ReplicaWorld.Node leader = world.nodes.get(1);

    assertThat(errorOfRead(leader, 7)).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    leader.holdsLease = false;
    assertThat(errorOfRead(leader, 7)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(errorOfRead(leader, 1)).isEqualTo(Errors.NONE);
    assertThat(errorOfRead(leader, 0)).isEqualTo(Errors.NONE);
  }

  @Test
  void whoWaitsForReplicasAtALeaderWithoutALeaseIsSentAway() {
    ReplicaWorld world = three();
    world.settle(0);
    ReplicaWorld.Node leader = world.nodes.get(1);
    world.nodes.get(2).kill();
    world.nodes.get(3).kill();
    Future<AppendOutcome> waiting = leader.append(0, -1, "v");
    world.sim.runFor(3000);
    assertThat(waiting.isComplete()).isFalse();

    leader.holdsLease = false;
    world.sim.runFor(1500);

    assertThat(waiting.result().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void aLeaderWithoutALeaseStillAnswersWhatItsReplicasHave() {
    ReplicaWorld world = three();
    world.settle(0);
    world.nodes.get(1).holdsLease = false;

    for (int i = 0; i < 20; i++) {
      assertThat(append(world, 1, -1, "v" + i).error()).isEqualTo(Errors.NONE);
      world.sim.runFor(100);
    }
  }

  private static Errors errorOfRead(ReplicaWorld.Node node, long offset) {
    ReadOutcome outcome = node.partition(0).read(offset, 1000, ReadLimit.HIGH_WATERMARK, -1, true);
    outcome.release();
    return outcome.error();
  }
}
