package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.REBALANCE_MS;
import static io.millrace.coordinator.group.ShardBench.SESSION_MS;
import static io.millrace.coordinator.group.ShardBench.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupRecord.StoredMember;
import io.millrace.coordinator.group.ShardBench.Inbox;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Static membership (KIP-345, KIP-814). */
class StaticMemberTest {
  private final ShardBench bench = new ShardBench();

  /** A stable group of a static leader and a dynamic follower. */
  private String leader;

  private String follower;

  private void stablePair() {
    Inbox<JoinGroupResponseData> first = bench.joinStatic("s");
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    bench.pass(100);
    leader = first.get().memberId();
    follower = second.get().memberId();
    bench.sync(leader, 1, leader, follower);
    bench.sync(follower, 1);
  }

  private static Errors error(Inbox<JoinGroupResponseData> join) {
    return Errors.forCode(join.get().errorCode());
  }

  private Errors heartbeat(String memberId, String instanceId, int generation) {
    HeartbeatRequestData request =
        new HeartbeatRequestData()
            .setGroupId("g")
            .setMemberId(memberId)
            .setGroupInstanceId(instanceId)
            .setGenerationId(generation);
    Inbox<HeartbeatResponseData> inbox = bench.ask(r -> bench.shard().heartbeat(request, r));
    return Errors.forCode(inbox.get().errorCode());
  }

  @Test
  void joinsWithoutBeingToldItsIdFirst() {
    Inbox<JoinGroupResponseData> join = bench.joinStatic("s");
    bench.pass(100);

    assertThat(error(join)).isEqualTo(Errors.NONE);
    assertThat(join.get().memberId()).startsWith("s-");
  }

  @Test
  void comesBackWithItsAssignmentAndWithoutARebalance() {
    stablePair();

    JoinGroupResponseData back = bench.joinStatic("s").get();

    assertThat(back.generationId()).isEqualTo(1);
    assertThat(back.memberId()).isNotEqualTo(leader).startsWith("s-");
    assertThat(back.leader()).isEqualTo(back.memberId());
    assertThat(back.skipAssignment()).isTrue();
    assertThat(back.members()).hasSize(2);
    SyncGroupResponseData sync = bench.sync(back.memberId(), 1).get();
    assertThat(new String(sync.assignment(), StandardCharsets.UTF_8)).isEqualTo(leader);
    assertThat(bench.heartbeat(follower, 1).get().errorCode()).isZero();
  }

  /** A record that is too large would be refused, and the memory of all groups thrown away. */
  @Test
  void comesBackThroughARebalanceWithMoreThanOneRecordCanHold() {
    stablePair();
    JoinGroupRequestData large = joinRequest("", "s");
    large.protocols().iterator().next().setMetadata(new byte[1_000_000]);

    Inbox<JoinGroupResponseData> back = bench.join(large, 9);

    assertThat(back.isAnswered()).isFalse();
    assertThat(bench.state()).isEqualTo("PreparingRebalance");
    assertThat(bench.log).hasSize(1);
  }

  @Test
  void anOldClientThatComesBackIsNotMadeLeader() {
    stablePair();

    JoinGroupResponseData back = bench.join(joinRequest("", "s"), 8).get();

    assertThat(back.leader()).isEqualTo(leader);
    assertThat(back.members()).isEmpty();
    assertThat(back.skipAssignment()).isFalse();
  }

  @Test
  void itsNewIdIsStored() {
    stablePair();
    String back = bench.joinStatic("s").get().memberId();

    GroupStored stored = (GroupStored) bench.log.get(bench.log.size() - 1);

    assertThat(stored.group().members())
        .extracting(StoredMember::memberId)
        .containsExactly(back, follower);
    assertThat(stored.group().leader()).isEqualTo(back);
  }

  @Test
  void itsOldProcessIsFenced() {
    stablePair();
    bench.joinStatic("s");

    assertThat(heartbeat(leader, "s", 1)).isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(error(bench.join(joinRequest(leader, "s"), 9))).isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(bench.leave(leader, "s").get().members().get(0).errorCode())
        .isEqualTo(Errors.FENCED_INSTANCE_ID.code());
  }

  @Test
  void aWaitingOldProcessIsToldThatItIsFenced() {
    stablePair();
    bench.joinNew();
    Inbox<JoinGroupResponseData> old = bench.join(joinRequest(leader, "s"), 9);

    bench.joinStatic("s");

    assertThat(error(old)).isEqualTo(Errors.FENCED_INSTANCE_ID);
  }

  @Test
  void anUnknownInstanceIsNoMember() {
    stablePair();

    assertThat(heartbeat(follower, "other", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void comesBackWithOtherProtocolsAndRebalances() {
    stablePair();
    JoinGroupRequestData changed = joinRequest("", "s");
    changed.protocols().clear();
    changed.protocols().add(protocol("sticky"));
    changed.protocols().add(protocol("range"));
    JoinGroupRequestData both = joinRequest(follower, null);
    both.protocols().clear();
    both.protocols().add(protocol("sticky"));
    both.protocols().add(protocol("range"));
    bench.join(both, 9);
    bench.join(joinRequest(leader, "s"), 9);
    bench.sync(leader, 2, leader, follower);

    Inbox<JoinGroupResponseData> back = bench.join(changed, 9);

    assertThat(back.isAnswered()).isFalse();
    assertThat(bench.state()).isEqualTo("PreparingRebalance");
  }

  private static JoinGroupRequestProtocol protocol(String name) {
    return new JoinGroupRequestProtocol().setName(name).setMetadata(new byte[] {1});
  }

  @Test
  void comesBackWhileTheLeaderAssignsAndRebalances() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    Inbox<JoinGroupResponseData> second = bench.joinStatic("s");
    bench.pass(100);

    bench.joinStatic("s");

    assertThat(bench.state()).isEqualTo("PreparingRebalance");
    SyncGroupRequestData stale =
        new SyncGroupRequestData()
            .setGroupId("g")
            .setMemberId(second.get().memberId())
            .setGroupInstanceId("s")
            .setGenerationId(1);
    Inbox<SyncGroupResponseData> sync = bench.ask(r -> bench.shard().sync(stale, r));
    assertThat(sync.get().errorCode()).isEqualTo(Errors.FENCED_INSTANCE_ID.code());
    assertThat(first.isAnswered()).isTrue();
  }

  @Test
  void keepsItsPlaceInARebalanceThatItMisses() {
    stablePair();
    Inbox<JoinGroupResponseData> third = bench.joinNew();
    bench.join(follower);
    for (int ms = 0; ms < REBALANCE_MS; ms += 5_000) {
      assertThat(heartbeat(leader, "s", 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
      bench.pass(5_000);
    }

    // Another leads, and assigns to three.
    assertThat(third.get().leader()).isEqualTo(follower);
    assertThat(heartbeat(leader, "s", 2)).isEqualTo(Errors.NONE);
  }

  @Test
  void loosesItsPlaceWhenItsSessionEnds() {
    stablePair();
    for (int ms = 0; ms <= SESSION_MS; ms += 1_000) {
      bench.heartbeat(follower, 1);
      bench.pass(1_000);
    }

    assertThat(heartbeat(leader, "s", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void anAdministratorRemovesItByItsInstanceIdAlone() {
    stablePair();

    assertThat(bench.leave("", "s").get().members().get(0).errorCode()).isZero();

    assertThat(bench.heartbeat(follower, 1).get().errorCode())
        .isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
  }

  @Test
  void isKnownAfterAFailOver() {
    stablePair();
    bench.failOver();

    JoinGroupResponseData back = bench.joinStatic("s").get();

    assertThat(back.generationId()).isEqualTo(1);
    assertThat(heartbeat(back.memberId(), "s", 1)).isEqualTo(Errors.NONE);
  }

  @Test
  void comesBackWithARebalanceWhenItsOldProcessHadPartitionsToGiveUp() {
    Inbox<JoinGroupResponseData> first = bench.join(cooperative("", "s", 0, 1), 9);
    bench.pass(100);
    JoinGroupResponseData joined = first.get();
    SyncGroupRequestData share =
        new SyncGroupRequestData()
            .setGroupId("g")
            .setMemberId(joined.memberId())
            .setGroupInstanceId("s")
            .setGenerationId(1);
    share
        .assignments()
        .add(
            new SyncGroupRequestData.SyncGroupRequestAssignment()
                .setMemberId(joined.memberId())
                .setAssignment(
                    ConsumerProtocol.serializeAssignment(new Assignment(partitions(0))).array()));
    bench.<SyncGroupResponseData>ask(r -> bench.shard().sync(share, r));
    assertThat(bench.state()).isEqualTo("Stable");

    JoinGroupResponseData back = bench.join(cooperative("", "s"), 9).get();

    assertThat(back.generationId()).isEqualTo(2);
    assertThat(back.skipAssignment()).isFalse();
  }

  private static JoinGroupRequestData cooperative(String id, String instance, int... owned) {
    JoinGroupRequestData request = joinRequest(id, instance);
    request.protocols().clear();
    Subscription subscription = new Subscription(List.of("t"), null, partitions(owned));
    request
        .protocols()
        .add(
            new JoinGroupRequestProtocol()
                .setName("cooperative-sticky")
                .setMetadata(ConsumerProtocol.serializeSubscription(subscription).array()));
    return request;
  }

  private static List<TopicPartition> partitions(int... numbers) {
    return Arrays.stream(numbers).mapToObj(number -> new TopicPartition("t", number)).toList();
  }
}
