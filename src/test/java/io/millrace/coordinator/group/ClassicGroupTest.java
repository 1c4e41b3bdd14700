package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.REBALANCE_MS;
import static io.millrace.coordinator.group.ShardBench.SESSION_MS;
import static io.millrace.coordinator.group.ShardBench.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.ShardBench.Inbox;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The transitions of a classic group whose members have joined, one by one. */
class ClassicGroupTest extends ClassicGroupFixture {

  // Completing.

  @Test
  void membersGetTheirAssignmentWhenTheLeaderBringsIt() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    bench.pass(100);
    String leader = first.get().memberId();
    String follower = second.get().memberId();

    Inbox<SyncGroupResponseData> waiting = bench.sync(follower, 1);
    assertThat(waiting.isAnswered()).isFalse();
    Inbox<SyncGroupResponseData> assigned = bench.sync(leader, 1, leader, follower);

    assertThat(text(waiting.get())).isEqualTo(follower);
    assertThat(text(assigned.get())).isEqualTo(leader);
    assertThat(bench.state()).isEqualTo("Stable");
  }

  @Test
  void onlyTheLeaderLearnsTheMembers() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    bench.pass(100);

    assertThat(first.get().members())
        .extracting(JoinGroupResponseMember::memberId)
        .containsExactly(first.get().memberId(), second.get().memberId());
    assertThat(second.get().members()).isEmpty();
    assertThat(second.get().leader()).isEqualTo(first.get().memberId());
  }

  @Test
  void aMemberThatTheLeaderLeftOutGetsNothing() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    bench.pass(100);
    bench.sync(first.get().memberId(), 1, first.get().memberId());

    assertThat(bench.sync(second.get().memberId(), 1).get().assignment()).isEmpty();
  }

  @Test
  void refusesSyncsOfOthersGenerationsAndProtocols() {
    String id = bench.stableLoner().memberId();

    assertThat(error(bench.sync("stranger", 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(error(bench.sync(id, 2))).isEqualTo(Errors.ILLEGAL_GENERATION);
    var other =
        new org.apache.kafka.common.message.SyncGroupRequestData()
            .setGroupId("g")
            .setMemberId(id)
            .setGenerationId(1)
            .setProtocolType("consumer")
            .setProtocolName("sticky");
    assertThat(error(bench.<SyncGroupResponseData>ask(r -> bench.shard().sync(other, r))))
        .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
  }

  @Test
  void aNewMemberWhileTheLeaderAssignsBeginsAnew() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    bench.pass(100);
    Inbox<SyncGroupResponseData> waiting = bench.sync(second.get().memberId(), 1);

    bench.joinNew();

    assertThat(error(waiting)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(error(bench.sync(first.get().memberId(), 1)))
        .isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(bench.state()).isEqualTo("PreparingRebalance");
  }

  @Test
  void aMemberThatMissedTheAnswerOfItsJoinGetsItAgain() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    bench.pass(100);

    Inbox<JoinGroupResponseData> again = bench.join(first.get().memberId());

    assertThat(again.get().generationId()).isEqualTo(1);
    assertThat(again.get().members()).hasSize(1);
  }

  @Test
  void membersThatNeverAskForTheirAssignmentAreDropped() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    bench.pass(100);
    String leader = first.get().memberId();
    String lazy = second.get().memberId();
    bench.sync(leader, 1, leader, lazy);

    for (int ms = 0; ms < REBALANCE_MS; ms += 3_000) {
      bench.heartbeat(leader, 1);
      bench.heartbeat(lazy, 1);
      bench.pass(3_000);
    }

    assertThat(error(bench.heartbeat(lazy, 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(error(bench.heartbeat(leader, 1))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
  }

  @Test
  void anAssignmentThatNoBatchCanHoldIsRefused() {
    ShardBench tight =
        new ShardBench(
            new GroupSettings(
                30, 3_000, 10, 6_000, 60_000, 300_000, 4_096, 1_000_000, 600_000, () -> 50));
    Inbox<JoinGroupResponseData> join = tight.joinNew();
    tight.pass(100);
    String id = join.get().memberId();

    Inbox<SyncGroupResponseData> sync = tight.sync(id, 1, id);

    assertThat(error(sync)).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    assertThat(tight.log).isEmpty();
  }

  // Stable.

  @Test
  void aNewMemberRebalancesAndTheOldOnesHearOfItByHeartbeat() {
    String first = bench.stableLoner().memberId();
    Inbox<JoinGroupResponseData> second = bench.joinNew();

    assertThat(error(bench.heartbeat(first, 1))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(second.isAnswered()).isFalse();
    Inbox<JoinGroupResponseData> again = bench.join(first);

    assertThat(again.get().generationId()).isEqualTo(2);
    assertThat(second.get().generationId()).isEqualTo(2);
  }

  @Test
  void aMemberThatDoesNotJoinTheRebalanceIsDroppedAfterItsTimeout() {
    String first = bench.stableLoner().memberId();
    Inbox<JoinGroupResponseData> second = bench.joinNew();
    for (int ms = 0; ms < REBALANCE_MS; ms += 5_000) {
      bench.heartbeat(first, 1);
      bench.pass(5_000);
    }

    assertThat(second.get().leader()).isEqualTo(second.get().memberId());
    assertThat(error(bench.heartbeat(first, 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void theLeaderMayAskForANewAssignment() {
    String leader = bench.stableLoner().memberId();

    Inbox<JoinGroupResponseData> again = bench.join(leader);

    assertThat(again.get().generationId()).isEqualTo(2);
  }

  @Test
  void aFollowerThatJoinsAgainUnchangedKeepsTheGeneration() {
    List<String> members = stablePair();

    Inbox<JoinGroupResponseData> again = bench.join(members.get(1));

    assertThat(again.get().generationId()).isEqualTo(2);
    assertThat(again.get().members()).isEmpty();
    assertThat(bench.state()).isEqualTo("Stable");
  }

  @Test
  void aFollowerWithAnotherSubscriptionRebalances() {
    List<String> members = stablePair();
    JoinGroupRequestData changed = joinRequest(members.get(1), null);
    changed.protocols().find("range").setMetadata(new byte[] {9});

    Inbox<JoinGroupResponseData> again = bench.join(changed, 9);

    assertThat(again.isAnswered()).isFalse();
    assertThat(bench.state()).isEqualTo("PreparingRebalance");
  }

  /** A record has only the elected protocol of each member; a client offers all that it knows. */
  @Test
  void aFollowerThatLostItsAssignmentWithTheCoordinatorKeepsTheGeneration() {
    String leader = bench.stableLoner().memberId();
    String id = bench.join("").get().memberId();
    Inbox<JoinGroupResponseData> second = bench.join(offeringTwo(id), 9);
    bench.join(leader);
    bench.sync(leader, 2, leader, id);
    assertThat(second.get().generationId()).isEqualTo(2);
    bench.failOver();

    JoinGroupResponseData again = bench.join(offeringTwo(id), 9).get();

    assertThat(again.generationId()).isEqualTo(2);
    assertThat(text(bench.sync(id, 2).get())).isEqualTo(id);
    assertThat(bench.join(offeringTwo(id), 9).get().generationId()).isEqualTo(2);
    assertThat(bench.state()).isEqualTo("Stable");
    JoinGroupRequestData other = offeringTwo(id);
    other.protocols().find("sticky").setMetadata(new byte[] {9});
    assertThat(bench.join(other, 9).isAnswered()).isFalse();
  }

  @Test
  void aFollowerThatChangedItsSubscriptionWhileTheCoordinatorWasGoneRebalances() {
    List<String> members = stablePair();
    bench.failOver();
    JoinGroupRequestData changed = offeringTwo(members.get(1));
    changed.protocols().find("range").setMetadata(new byte[] {9});

    assertThat(bench.join(changed, 9).isAnswered()).isFalse();
    assertThat(bench.state()).isEqualTo("PreparingRebalance");
  }

  private static JoinGroupRequestData offeringTwo(String memberId) {
    JoinGroupRequestData request = joinRequest(memberId, null);
    request
        .protocols()
        .add(new JoinGroupRequestProtocol().setName("sticky").setMetadata(new byte[] {2}));
    return request;
  }

  @Test
  void aMemberMayFetchItsAssignmentAgain() {
    List<String> members = stablePair();

    assertThat(text(bench.sync(members.get(1), 2).get())).isEqualTo(members.get(1));
  }

  // Sessions.

  @Test
  void aMemberThatIsNotHeardOfIsDropped() {
    List<String> members = stablePair();

    for (int ms = 0; ms <= SESSION_MS; ms += 1_000) {
      bench.heartbeat(members.get(0), 2);
      bench.pass(1_000);
    }

    assertThat(error(bench.heartbeat(members.get(0), 2))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(error(bench.heartbeat(members.get(1), 2))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void heartbeatsKeepTheSession() {
    String id = bench.stableLoner().memberId();

    for (int i = 0; i < 20; i++) {
      bench.pass(SESSION_MS - 1);
      assertThat(error(bench.heartbeat(id, 1))).isEqualTo(Errors.NONE);
    }
  }

  @Test
  void aMemberThatWaitsForTheOthersToJoinIsNotTimedOut() {
    List<String> members = stablePair();
    bench.joinNew();
    bench.join(members.get(1));

    for (int ms = 0; ms < REBALANCE_MS - 1_000; ms += 1_000) {
      bench.heartbeat(members.get(0), 2);
      bench.pass(1_000);
    }
    Inbox<JoinGroupResponseData> leader = bench.join(members.get(0));

    assertThat(leader.get().members()).hasSize(3);
  }

  @Test
  void theLastMemberLeavesTheGroupEmptyInANewGeneration() {
    String id = bench.stableLoner().memberId();

    bench.pass(SESSION_MS + 1);

    assertThat(bench.state()).isEqualTo("Empty");
    assertThat(error(bench.heartbeat(id, 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(bench.stableLoner().generationId()).isEqualTo(3);
  }

  // Leaving.

  @Test
  void aLeavingMemberRebalancesTheOthers() {
    List<String> members = stablePair();

    assertThat(error(bench.leave(members.get(1), null))).isEqualTo(Errors.NONE);

    assertThat(bench.state()).isEqualTo("PreparingRebalance");
    assertThat(bench.join(members.get(0)).get().members()).hasSize(1);
  }

  @Test
  void whoeverIsNoMemberCannotLeave() {
    bench.stableLoner();

    assertThat(error(bench.leave("stranger", null))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(error(bench.leave("", "static"))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void anIdThatWasGivenOutCanBeGivenBack() {
    String id = bench.join("").get().memberId();

    assertThat(error(bench.leave(id, null))).isEqualTo(Errors.NONE);
    assertThat(error(bench.join(id))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void aMemberThatLeavesWhileItWaitsIsAnswered() {
    bench.stableLoner();
    Inbox<JoinGroupResponseData> waiting = bench.joinNew();
    String id = bench.views.get(0).groupId();

    bench.leave("client-00000000-0000-0000-0000-000000000002", null);

    assertThat(id).isEqualTo("g");
    assertThat(error(waiting)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void whoeverLooksOnDuringARebalanceSeesWhoHadWhat() {
    String id = bench.stableLoner().memberId();
    bench.joinNew();

    assertThat(bench.described().groupState()).isEqualTo("PreparingRebalance");
    assertThat(bench.described().members())
        .filteredOn(member -> member.memberId().equals(id))
        .singleElement()
        .satisfies(member -> assertThat(member.memberAssignment()).isNotEmpty())
        .satisfies(member -> assertThat(member.memberMetadata()).isEmpty());
  }

  @Test
  void theFirstOfTwoJoinsOfOneMemberIsAnswered() {
    bench.stableLoner();
    Inbox<JoinGroupResponseData> waiting = bench.joinNew();
    String id = "client-00000000-0000-0000-0000-000000000002";

    Inbox<JoinGroupResponseData> again = bench.join(id);

    assertThat(error(waiting)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(again.isAnswered()).isFalse();
  }
}
