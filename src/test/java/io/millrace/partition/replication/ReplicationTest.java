package io.millrace.partition.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.TopicDeleted;
import io.millrace.partition.AppendOutcome;
import io.millrace.partition.FoundOffset;
import io.millrace.partition.Partition;
import io.millrace.partition.ReadLimit;
import io.millrace.partition.ReadOutcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  private static final long LAG_MS = 3_000;

  private static ReplicaWorld three(String... topicConfig) {
    return new ReplicaWorld(11, 3, LAG_MS, ReplicaWorld.config(topicConfig)).start(1);
  }

  private static AppendOutcome append(ReplicaWorld world, int broker, int acks, String value) {
    return world.sim.await(
        world.nodes.get(broker).append(0, acks, value), ReplicaWorld.PATIENCE_MS);
  }

  @Test
  void followersGetWhatTheLeaderHas() {
    ReplicaWorld world = three();

    for (int i = 0; i < 50; i++) {
      append(world, 1, 1, "v" + i);
    }

    world.settle(0);
    Map<Long, String> wanted = world.nodes.get(1).read(0);
    assertThat(wanted).hasSize(50).containsEntry(0L, "0:v0").containsEntry(49L, "0:v49");
    assertThat(world.nodes.get(2).read(0)).isEqualTo(wanted);
    assertThat(world.nodes.get(3).read(0)).isEqualTo(wanted);
  }

  @Test
  void aDeletedTopicIsFollowedNoLonger() {
    ReplicaWorld world = new ReplicaWorld(11, 3, LAG_MS, ReplicaWorld.config()).start(4);
    world.settle(0);
    assertThat(world.nodes.get(2).followed() + world.nodes.get(1).followed()).isPositive();

    world.controller.decide(new TopicDeleted(ReplicaWorld.TOPIC_ID));
    world.sim.runFor(5_000);

    world.nodes.values().forEach(node -> assertThat(node.followed()).isZero());
  }

  @Test
  void answersAcksAllWhenAllInSyncHaveIt() {
    ReplicaWorld world = three();
    world.settle(0);

    AppendOutcome outcome = append(world, 1, -1, "v");

    assertThat(outcome.error()).isEqualTo(Errors.NONE);
    assertThat(world.nodes.get(2).read(0)).hasSize(1);
    assertThat(world.nodes.get(3).read(0)).hasSize(1);
  }

  @Test
  void aFlushThatTakesLongHoldsBackNoOtherPartition() {
    ReplicaWorld world =
        new ReplicaWorld(11, 3, 60_000, ReplicaWorld.config("flush.messages", "1")).start(4);
    ReplicaWorld.Node leader = world.nodes.get(1);
    ReplicaWorld.Node follower = world.nodes.get(2);
    // Its flush takes seconds; those that begin later are as quick as ever.
    follower.process.slowDown(100_000);
    Future<AppendOutcome> slow = leader.append(0, -1, "slow");
    world.sim.runFor(500);
    follower.process.slowDown(1);

    for (int i = 0; i < 5; i++) {
      assertThat(world.sim.await(leader.append(3, -1, "v" + i), 500).error())
          .isEqualTo(Errors.NONE);
      world.sim.runFor(700);
      assertThat(slow.isComplete()).isFalse();
    }
  }

  @Test
  void aFetchInAFollowersNameCountsForNothingUnlessItKnowsItsEpoch() {
    ReplicaWorld world = three();
    world.settle(0);
    world.nodes.get(3).kill();
    append(world, 1, 1, "v");
    long epoch = world.controller.image().broker(3).epoch();

    for (long forged : new long[] {-1, epoch - 1, epoch + 1, Long.MAX_VALUE}) {
      assertThat(fetchAs(world, 3, forged).errorCode()).isEqualTo(Errors.STALE_BROKER_EPOCH.code());
    }
    assertThat(fetchAs(world, 77, epoch).errorCode()).isEqualTo(Errors.STALE_BROKER_EPOCH.code());

    world.sim.runFor(500);
    assertThat(world.nodes.get(1).partition(0).highWatermark()).isZero();
    assertThat(world.controller.decided(0).isr()).contains(3);
  }

  @Test
  void aFollowerThatNamesItsPlaceAgainIsToldTheHighWatermarkAgain() {
    ReplicaWorld world = three();
    append(world, 1, -1, "v");
    world.nodes.get(3).kill();
    long epoch = world.controller.image().broker(3).epoch();
    ForgedFollower follower = new ForgedFollower(world, 3, epoch);

    FetchResponseData first = follower.fetch();
    // It passed that answer over, for a step on its log was under way.
    FetchResponseData second = follower.fetch();

    assertThat(first.responses().get(0).partitions().get(0).highWatermark()).isEqualTo(1);
    assertThat(second.responses()).hasSize(1);
    assertThat(second.responses().get(0).partitions().get(0).highWatermark()).isEqualTo(1);
  }

  @Test
  void aFetchThatWaitsIsToldThatItsFollowerHasBegunAnotherSession() {
    ReplicaWorld world = three();
    append(world, 1, -1, "v");
    world.nodes.get(3).kill();
    long epoch = world.controller.image().broker(3).epoch();
    ForgedFollower follower = new ForgedFollower(world, 3, epoch);
    follower.fetch();
    Future<FetchResponseData> waiting = follower.begin(4_000, false);
    world.sim.runFor(200);
    assertThat(waiting.isComplete()).isFalse();

    fetchAs(world, 3, epoch);

    assertThat(world.sim.await(waiting, 1_000).errorCode())
        .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
  }

  private static FetchResponseData fetchAs(ReplicaWorld world, int replica, long epoch) {
    return new ForgedFollower(world, replica, epoch).fetch();
  }

  @Test
  void answersSoonWhenEachRecordIsFlushed() {
    ReplicaWorld world = three("flush.messages", "1");
    world.settle(0);
    long beforeNs = world.sim.clock().monotonicNs();

    append(world, 1, -1, "v");

    assertThat((world.sim.clock().monotonicNs() - beforeNs) / 1_000_000).isLessThan(200);
  }

  @Test
  void leavesAFollowerOutThatIsGone() {
    ReplicaWorld world = three("min.insync.replicas", "2");
    world.settle(0);
    world.nodes.get(3).kill();

    AppendOutcome first = append(world, 1, -1, "v");
    world.sim.runUntil(() -> world.controller.decided(0).isr().size() == 2, 10 * LAG_MS);

    assertThat(first.error()).isIn(Errors.NONE, Errors.REQUEST_TIMED_OUT);
    assertThat(append(world, 1, -1, "w").error()).isEqualTo(Errors.NONE);
  }

  @Test
  void takesAFollowerInAgainThatCameBack() {
    ReplicaWorld world = three();
    world.settle(0);
    world.nodes.get(3).kill();
    world.controller.fence(3);
    append(world, 1, -1, "v");

    world.nodes.get(3).launch();

    world.settle(0);
    assertThat(world.nodes.get(3).read(0)).isEqualTo(world.nodes.get(1).read(0));
  }

  @Test
  void goesOnSoonWhenTheDiskOfAFollowerIsFull() {
    ReplicaWorld world = three("min.insync.replicas", "2");
    world.nodes.get(3).disk.setFull(true);
    long beganMs = world.sim.clock().monotonicMs();

    append(world, 1, -1, "v");
    world.sim.runUntil(
        () -> world.controller.decided(0).isr().size() == 2, ReplicaWorld.PATIENCE_MS);

    assertThat(world.sim.clock().monotonicMs() - beganMs).isLessThan(LAG_MS);
    assertThat(append(world, 1, -1, "w").error()).isEqualTo(Errors.NONE);
    world.nodes.get(3).disk.setFull(false);
    world.settle(0);
    assertThat(world.nodes.get(3).read(0)).isEqualTo(world.nodes.get(1).read(0));
  }

  @Test
  void aLeaderWhoseDiskIsFullHandsOver() {
    ReplicaWorld world = three("min.insync.replicas", "2");
    append(world, 1, -1, "v");
    world.settle(0);
    world.nodes.get(1).disk.setFull(true);

    world.sim.runUntil(() -> world.controller.decided(0).leader() != 1, ReplicaWorld.PATIENCE_MS);
    int leader = world.controller.decided(0).leader();
    world.sim.runUntil(() -> world.nodes.get(leader).partition(0).isLeader(), 10_000);

    assertThat(append(world, leader, -1, "w").error()).isEqualTo(Errors.NONE);
    assertThat(world.controller.decided(0).isr()).containsExactlyInAnyOrder(2, 3);
    world.nodes.get(1).disk.setFull(false);
    world.settle(0);
    assertThat(world.nodes.get(1).read(0)).isEqualTo(world.nodes.get(leader).read(0));
  }

  @Test
  void refusesAcksAllWhenTooFewAreInSync() {
    ReplicaWorld world = three("min.insync.replicas", "3");
    world.settle(0);
    world.nodes.get(3).kill();
    world.controller.fence(3);
    world.sim.runFor(100);

    assertThat(append(world, 1, -1, "v").error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
  }

  @Test
  void truncatesWhatAnOldLeaderAloneHas() {
    ReplicaWorld world = three();
    append(world, 1, 1, "a");
    world.settle(0);
    world.network.isolate("host-1", List.of("host-1", "host-2", "host-3"));
    Future<AppendOutcome> lost = world.nodes.get(1).append(0, -1, "lost");
    world.sim.runFor(10);
    world.controller.change(0, 2, List.of(2, 3));
    world.sim.runUntil(() -> world.nodes.get(2).partition(0).isLeader(), 10_000);
    append(world, 2, -1, "b");

    world.network.healAll();

    world.settle(0);
    assertThat(world.sim.await(lost, 10_000).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(world.nodes.get(1).read(0).values()).contains("0:a", "1:b").doesNotContain("0:lost");
    assertThat(world.nodes.get(1).read(0)).isEqualTo(world.nodes.get(2).read(0));
  }

  @Test
  void whoWaitsForAFormerLeaderIsToldWhoLeadsNow() {
    ReplicaWorld world = three();
    world.settle(0);
    world.nodes.get(2).kill();
    world.nodes.get(3).kill();
    ReplicaWorld.Node former = world.nodes.get(1);
    List<Integer> told = new ArrayList<>();
    Future<AppendOutcome> waiting =
        former
            .append(0, -1, "v")
            .onComplete(done -> told.add(former.partition(0).leadership().leaderId()));
    world.sim.runFor(10);

    world.controller.change(0, 2, List.of(2));

    assertThat(world.sim.await(waiting, 10_000).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(told).containsExactly(2);
  }

  @Test
  void followersTakeOverTheLogStart() {
    ReplicaWorld world = three();
    for (int i = 0; i < 10; i++) {
      append(world, 1, -1, "v" + i);
    }

    var outcome =
        world.sim.await(
            world.nodes.get(1).partition(0).deleteRecords(world.nodes.get(1).control, 6, 10_000),
            20_000);

    assertThat(outcome.error()).isEqualTo(Errors.NONE);
    assertThat(outcome.lowWatermark()).isEqualTo(6);
    assertThat(world.nodes.get(3).partition(0).logStartOffset()).isEqualTo(6);
  }

  @Test
  void recordsWhoseDeletionWasAnsweredStayDeletedWhenTheLeaderDies() {
    ReplicaWorld world = new ReplicaWorld(1, 1, 60_000, Map.of()).start(1);
    for (int i = 0; i < 10; i++) {
      append(world, 1, -1, "v" + i);
    }
    world.sim.await(
        world.nodes.get(1).partition(0).deleteRecords(world.nodes.get(1).control, 6, 10_000),
        20_000);

    world.nodes.get(1).kill();
    world.nodes.get(1).launch();
    world.settle(0);

    assertThat(world.nodes.get(1).partition(0).logStartOffset()).isEqualTo(6);
  }

  @Test
  void aFollowerThatIsFarBehindBeginsAtTheLeadersLogStart() {
    ReplicaWorld world = three();
    world.settle(0);
    world.nodes.get(3).kill();
    world.controller.fence(3);
    world.sim.runFor(100);
    for (int i = 0; i < 10; i++) {
      append(world, 1, -1, "v" + i);
    }
    world.sim.await(
        world.nodes.get(1).partition(0).deleteRecords(world.nodes.get(1).control, 6, 10_000),
        20_000);

    world.nodes.get(3).launch();

    world.settle(0);
    assertThat(world.nodes.get(3).partition(0).logStartOffset()).isEqualTo(6);
    assertThat(world.nodes.get(3).read(0)).isEqualTo(world.nodes.get(1).read(0));
  }

  @Test
  void noPartitionWaitsForMoreThanItsOwnRecords() {
    for (long seed = 1; seed <= 20; seed++) {
      ReplicaWorld world = new ReplicaWorld(seed, 3, 60_000, Map.of()).start(6);
      for (int round = 0; round < 40; round++) {
        List<Future<AppendOutcome>> all = new ArrayList<>();
        for (int number = 0; number < 6; number++) {
          if (world.random.nextInt(3) > 0) {
            int leader = world.controller.decided(number).leader();
            all.add(world.nodes.get(leader).append(number, -1, "v" + round));
          }
        }
        all.forEach(
            each -> assertThat(world.sim.await(each, 1_000).error()).isEqualTo(Errors.NONE));
      }
    }
  }

  @Test
  void manyPartitionsShareFetches() {
    ReplicaWorld world = new ReplicaWorld(3, 3, LAG_MS, Map.of()).start(40);
    List<Future<AppendOutcome>> all = new ArrayList<>();
    for (int number = 0; number < 40; number++) {
      int leader = world.controller.decided(number).leader();
      for (int i = 0; i < 5; i++) {
        all.add(world.nodes.get(leader).append(number, -1, "v" + i));
      }
    }

    all.forEach(each -> assertThat(world.sim.await(each, 20_000).error()).isEqualTo(Errors.NONE));

    for (int number = 0; number < 40; number++) {
      world.settle(number);
    }
  }

  @Test
  void aFollowerAnswersConsumersUpToItsHighWatermark() {
    ReplicaWorld world = three();
    append(world, 1, -1, "v");
    world.settle(0);
    Partition follower = world.nodes.get(3).partition(0);

    ReadOutcome atFollower =
        follower.readFromAny(0, 1000, ReadLimit.HIGH_WATERMARK, follower.leaderEpoch(), true);
    ReadOutcome asLeader =
        follower.read(0, 1000, ReadLimit.HIGH_WATERMARK, follower.leaderEpoch(), true);

    assertThat(atFollower.error()).isEqualTo(Errors.NONE);
    assertThat(atFollower.sizeInBytes()).isPositive();
    assertThat(asLeader.error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    atFollower.release();
  }

  @Test
  void sendsAConsumerToTheReplicaInItsRack() {
    ReplicaWorld world = three();
    append(world, 1, -1, "v");
    world.settle(0);
    ReplicaWorld.Node leader = world.nodes.get(1);

    int there = world.sim.await(leader.preferred(0, "rack-3", 1), 10_000);
    int here = world.sim.await(leader.preferred(0, "rack-1", 1), 10_000);
    int nowhere = world.sim.await(leader.preferred(0, "rack-9", 1), 10_000);

    assertThat(there).isEqualTo(3);
    assertThat(here).isEqualTo(-1);
    assertThat(nowhere).isEqualTo(-1);
  }

  @Test
  void tellsNoLatestOffsetBeforeItKnowsWhatWasCommitted() {
    ReplicaWorld world = three();
    append(world, 1, -1, "v");
    world.settle(0);
    world.nodes.get(3).kill();
    append(world, 1, 1, "w");
    world.sim.runUntil(() -> world.nodes.get(2).partition(0).logEndOffset() == 2, 10_000);
    world.nodes.get(1).kill();
    world.controller.fence(1);
    world.sim.runUntil(() -> world.nodes.get(2).partition(0).isLeader(), 10_000);

    assertThat(latest(world.nodes.get(2), world).error()).isEqualTo(Errors.OFFSET_NOT_AVAILABLE);

    world.nodes.get(3).launch();
    world.nodes.get(1).launch();
    world.settle(0);
    assertThat(latest(world.nodes.get(2), world).offset()).isEqualTo(2);
  }

  /** A transaction that is open for longer than a leader: where it begins is known all the time. */
  @Test
  void tellsTheLatestOffsetInFrontOfATransactionThatBeganUnderAnotherLeader() {
    ReplicaWorld world = three();
    MemoryRecords transactional =
        MemoryRecords.withTransactionalRecords(
            Compression.NONE,
            7,
            (short) 0,
            0,
            new SimpleRecord(1_700_000_000_000L, "v".getBytes()));
    append(world, 1, -1, "v");
    world.sim.await(world.nodes.get(1).append(0, -1, transactional), ReplicaWorld.PATIENCE_MS);
    world.settle(0);
    world.nodes.get(1).kill();
    world.controller.fence(1);
    ReplicaWorld.Node next = world.nodes.get(2);
    world.sim.runUntil(() -> next.partition(0).isLeader(), 10_000);
    world.sim.runUntil(() -> latest(next, world).error() == Errors.NONE, 10_000);

    FoundOffset stable = latest(next, world, ReadLimit.LAST_STABLE_OFFSET);

    assertThat(stable.error()).isEqualTo(Errors.NONE);
    assertThat(stable.offset()).isEqualTo(1);
  }

  private static FoundOffset latest(ReplicaWorld.Node leader, ReplicaWorld world) {
    return latest(leader, world, ReadLimit.HIGH_WATERMARK);
  }

  private static FoundOffset latest(ReplicaWorld.Node leader, ReplicaWorld world, ReadLimit limit) {
    return world.sim.await(
        leader
            .partition(0)
            .findOffset(leader.control, ListOffsetsRequest.LATEST_TIMESTAMP, limit, -1),
        10_000);
  }
}
