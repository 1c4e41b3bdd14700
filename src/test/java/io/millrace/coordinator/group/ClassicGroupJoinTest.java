package io.millrace.coordinator.group;

import static io.millrace.coordinator.group.ShardBench.SESSION_MS;
import static io.millrace.coordinator.group.ShardBench.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.ShardBench.Inbox;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How members come into a classic group, and which protocol it elects. */
class ClassicGroupJoinTest extends ClassicGroupFixture {

  // Joining.

  @Test
  void aNewMemberIsToldItsIdFirst() {
    Inbox<JoinGroupResponseData> join = bench.join("");

    assertThat(error(join)).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    assertThat(join.get().memberId()).startsWith("client-");
    assertThat(bench.state()).isEqualTo("Empty");
  }

  @Test
  void aClientBeforeVersion4IsTakenWithoutKnowingItsId() {
    Inbox<JoinGroupResponseData> join = bench.join(joinRequest("", null), 3);
    bench.pass(100);

    assertThat(error(join)).isEqualTo(Errors.NONE);
  }

  @Test
  void anIdThatIsNotUsedIsForgottenAfterTheSessionTimeout() {
    String id = bench.join("").get().memberId();

    bench.pass(SESSION_MS + 1);

    assertThat(error(bench.join(id))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void ofTooManyIdsThatAreNotUsedTheOldestIsForgotten() {
    String oldest = bench.join("").get().memberId();
    for (int i = 1; i < Group.PENDING_IDS_MAX; i++) {
      bench.join("");
    }
    String newest = bench.join("").get().memberId();

    assertThat(error(bench.join(oldest))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(bench.join(newest).isAnswered()).as("waits for the others").isFalse();
  }

  @Test
  void aLoneMemberLeadsWithinTensOfMilliseconds() {
    Inbox<JoinGroupResponseData> join = bench.joinNew();
    bench.pass(29);
    assertThat(join.isAnswered()).isFalse();

    bench.pass(2);

    assertThat(join.get().leader()).isEqualTo(join.get().memberId());
    assertThat(join.get().generationId()).isEqualTo(1);
    assertThat(join.get().protocolName()).isEqualTo("range");
    assertThat(join.get().members()).hasSize(1);
    assertThat(bench.state()).isEqualTo("CompletingRebalance");
  }

  @Test
  void anEmptyGroupWaitsOnWhileMembersArrive() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    for (int i = 0; i < 5; i++) {
      bench.pass(20);
      bench.joinNew();
    }
    assertThat(first.isAnswered()).isFalse();

    bench.pass(40);

    assertThat(first.get().members()).hasSize(6);
  }

  @Test
  void anEmptyGroupNeverWaitsLongerThanTheConfiguredDelay() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    int waitedMs = 0;
    while (!first.isAnswered()) {
      bench.pass(20);
      waitedMs += 20;
      bench.joinNew();
    }

    assertThat(waitedMs).isBetween(2_980, 3_020);
  }

  @Test
  void anEmptyGroupWaitsForAMemberThatHasItsIdAlready() {
    Inbox<JoinGroupResponseData> first = bench.joinNew();
    String second = bench.join("").get().memberId();

    bench.pass(100);
    assertThat(first.isAnswered()).isFalse();
    bench.join(second);
    bench.pass(40);

    assertThat(first.get().members()).hasSize(2);
  }

  @Test
  void doesNotWaitWhenTheConfiguredDelayIsZero() {
    ShardBench eager =
        new ShardBench(
            new GroupSettings(
                30, 0, 10, 6_000, 60_000, 300_000, 4_096, 1_000_000, 600_000, () -> 1_000_000));
    Inbox<JoinGroupResponseData> join = eager.joinNew();

    eager.pass(0);

    assertThat(join.isAnswered()).isTrue();
  }

  @Test
  void refusesSessionTimeoutsOutsideTheBounds() {
    JoinGroupRequestData tooShort = joinRequest("", null).setSessionTimeoutMs(5_999);
    JoinGroupRequestData tooLong = joinRequest("", null).setSessionTimeoutMs(1_800_001);

    assertThat(error(bench.join(tooShort, 9))).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
    assertThat(error(bench.join(tooLong, 9))).isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
  }

  @Test
  void refusesAMemberOfAGroupThatIsNotThere() {
    assertThat(error(bench.join("stranger"))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void refusesAnotherProtocolType() {
    bench.stableLoner();

    JoinGroupRequestData connect = joinRequest("", null).setProtocolType("connect");

    assertThat(error(bench.join(connect, 9))).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
  }

  @Test
  void refusesAMemberWithNoProtocolInCommon() {
    bench.stableLoner();
    JoinGroupRequestData other = joinRequest("", null);
    other.protocols().clear();
    other
        .protocols()
        .add(new JoinGroupRequestProtocol().setName("sticky").setMetadata(new byte[0]));

    assertThat(error(bench.join(other, 9))).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
  }

  @Test
  void refusesAMemberWithoutProtocols() {
    JoinGroupRequestData none = joinRequest("", null);
    none.protocols().clear();

    assertThat(error(bench.join(none, 9))).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
  }

  @Test
  void electsTheProtocolThatMostMembersPreferAmongThoseThatAllSupport() {
    Inbox<JoinGroupResponseData> first = joinWith("a", "b", "c");
    joinWith("c", "b");
    joinWith("c", "a", "b");

    bench.pass(100);

    // "c" is what two of three prefer, and all support it.
    assertThat(first.get().protocolName()).isEqualTo("c");
  }

  @Test
  void neverElectsAProtocolThatOneMemberLacks() {
    Inbox<JoinGroupResponseData> first = joinWith("a", "b");
    joinWith("a", "b");
    joinWith("b");

    bench.pass(100);

    assertThat(first.get().protocolName()).isEqualTo("b");
  }

  @Test
  void aProtocolThatAMemberNamesTwiceCountsOnce() {
    Inbox<JoinGroupResponseData> first = joinWith("a", "b", "a");
    joinWith("b", "a");
    joinWith("b", "a");

    bench.pass(100);

    assertThat(first.get().protocolName()).isEqualTo("b");
  }

  private Inbox<JoinGroupResponseData> joinWith(String... protocols) {
    JoinGroupRequestData request = joinRequest("", null);
    request.protocols().clear();
    for (String name : protocols) {
      request
          .protocols()
          .add(new JoinGroupRequestProtocol().setName(name).setMetadata(new byte[0]));
    }
    return bench.join(request, 3);
  }

  @Test
  void refusesMembersBeyondTheGreatestSize() {
    ShardBench small =
        new ShardBench(
            new GroupSettings(
                30, 3_000, 2, 6_000, 60_000, 300_000, 4_096, 1_000_000, 600_000, () -> 1_000_000));
    small.joinNew();
    small.joinNew();

    Inbox<JoinGroupResponseData> third = small.join(joinRequest("", null), 3);

    assertThat(error(third)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
    assertThat(third.get().memberId()).isEmpty();
  }
}
