package io.millrace.push.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.push.member.MemberEffect.Acknowledged;
import io.millrace.push.member.MemberEffect.Assigned;
import io.millrace.push.member.MemberEffect.Begin;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.Committed;
import io.millrace.push.member.MemberEffect.Ended;
import io.millrace.push.member.MemberEffect.Ending;
import io.millrace.push.member.MemberEffect.Fetch;
import io.millrace.push.member.MemberEffect.Hold;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Leave;
import io.millrace.push.member.MemberEffect.Release;
import io.millrace.push.member.MemberEffect.Revoked;
import io.millrace.push.member.MemberEffect.Sync;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The steps of a page in a group, one by one: how it joins, and what it is given. */
class GroupMemberTest extends GroupMemberFixture {

  // Joining.

  @Test
  void offersWhatJavaAndLibrdkafkaOffer() {
    effects = member.start(nowMs);

    assertThat(only(Join.class).request().protocols())
        .extracting(JoinGroupRequestProtocol::name)
        .containsExactly(COOPERATIVE, RANGE, "roundrobin", "sticky");
  }

  @Test
  void joinsAgainWithTheIdThatItIsTold() {
    effects = member.start(nowMs);
    JoinGroupResponseData answer =
        new JoinGroupResponseData()
            .setErrorCode(Errors.MEMBER_ID_REQUIRED.code())
            .setMemberId("browser:7-x");

    effects = member.joined(only(Join.class).call(), answer, nowMs);

    assertThat(only(Join.class).request().memberId()).isEqualTo("browser:7-x");
  }

  @Test
  void sharesOutWithKafkasAssignorWhenItLeads() {
    effects = member.start(nowMs);
    byte[] metadata = metadataOf(RANGE);
    JoinGroupResponseData answer = generation(1, RANGE).setLeader("me");
    for (String id : List.of("me", "java")) {
      answer.members().add(new JoinGroupResponseMember().setMemberId(id).setMetadata(metadata));
    }

    effects = member.joined(only(Join.class).call(), answer, nowMs);

    assertThat(only(Sync.class).request().assignments())
        .allSatisfy(
            share ->
                assertThat(
                        ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(share.assignment()))
                            .partitions())
                    .hasSize(1))
        .hasSize(2);
  }

  private byte[] metadataOf(String protocol) {
    return only(Join.class).request().protocols().find(protocol).metadata();
  }

  @Test
  void leavesTheLeadToOthersWhenItCannotReadThem() {
    effects = member.start(nowMs);
    JoinGroupResponseData answer = generation(1, RANGE).setLeader("me");
    answer
        .members()
        .add(new JoinGroupResponseMember().setMemberId("odd").setMetadata(new byte[] {1}));

    effects = member.joined(only(Join.class).call(), answer, nowMs);

    assertThat(only(Ended.class).error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    assertThat(only(Leave.class).afterMs()).isZero();
  }

  @Test
  void isRefusedInWordsByAGroupOfStreams() {
    effects = member.start(nowMs);

    effects =
        member.joined(
            only(Join.class).call(),
            new JoinGroupResponseData().setErrorCode(Errors.INCONSISTENT_GROUP_PROTOCOL.code()),
            nowMs);

    assertThat(only(Ended.class).ending()).isEqualTo(Ending.REFUSED);
    assertThat(only(Ended.class).hint()).contains("partition.assignment.strategy");
  }

  // Delivering.

  @Test
  void beginsAtWhatIsCommitted() {
    startsWith(RANGE, P0, P1);
    assertThat(only(Assigned.class)).isEqualTo(new Assigned(Set.of(P0, P1), 1));

    begins(130, P0, P1);

    assertThat(effects)
        .contains(new Begin(P0, new Committed(130, 3)), new Begin(P1, new Committed(130, 3)));
    assertThat(member.mayDeliver(nowMs)).isTrue();
  }

  @Test
  void commitsWhereItBeginsWhenNothingIsCommitted() {
    startsWith(RANGE, P0);
    begins(-1, P0);
    assertThat(only(Begin.class).committed()).isNull();

    effects = member.began(P0, 77, 2, nowMs);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(77);
  }

  @Test
  void stopsWhenItWasNotHeardOfForTheSessionTimeoutCountedFromTheSending() {
    startsWith(RANGE, P0);
    begins(0, P0);
    long sentMs = nowMs;
    nowMs = sentMs + MemberOptions.Times.DEFAULTS.sessionMs();

    assertThat(member.mayDeliver(nowMs - 1)).isTrue();
    assertThat(member.mayDeliver(nowMs)).isFalse();
    effects = member.tick(nowMs);
    assertThat(has(Hold.class)).isTrue();

    heartbeatAnswered(Errors.NONE);
    assertThat(has(Release.class)).isTrue();
    assertThat(member.mayDeliver(nowMs)).isTrue();
  }

  // Rebalances.

  @Test
  void givesEverythingUpBeforeItJoinsAgainUnderAnEagerAssignor() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);

    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    assertThat(only(Revoked.class)).isEqualTo(new Revoked(Set.of(P0), 5_000));
    assertThat(has(Join.class)).as("while the page may acknowledge").isFalse();
    effects = member.acknowledge(1, Map.of(P0, 5L), nowMs);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(has(Acknowledged.class)).isTrue();
    assertThat(has(Join.class)).isTrue();
  }

  @Test
  void joinsAgainWithoutAcknowledgementsWhenTheTimeForThemIsOver() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);
    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    nowMs += 5_000;
    effects = member.tick(nowMs);

    assertThat(has(Join.class)).isTrue();
  }

  @Test
  void keepsItsPartitionsWhileItJoinsAgainUnderACooperativeAssignor() {
    startsWith(COOPERATIVE, P0, P1);
    begins(0, P0, P1);

    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    assertThat(has(Revoked.class)).isFalse();
    assertThat(has(Hold.class)).isTrue();
    joins(2, COOPERATIVE, P0, P1);
    assertThat(has(Release.class)).isTrue();
    assertThat(only(Assigned.class).added()).isEmpty();
  }

  @Test
  void givesUpWhatOthersAreToHaveAndJoinsOnceMore() {
    startsWith(COOPERATIVE, P0, P1);
    begins(0, P0, P1);
    member.delivered(P1, 5, 0);
    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    joins(2, COOPERATIVE, P0);

    assertThat(only(Revoked.class)).isEqualTo(new Revoked(Set.of(P1), 5_000));
    assertThat(member.mayDeliver(nowMs)).as("what it keeps").isTrue();
    effects = member.acknowledge(1, Map.of(P1, 5L), nowMs);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(has(Join.class)).isTrue();
  }

  @Test
  void beginsAnewWhenAGenerationLiesBetween() {
    startsWith(COOPERATIVE, P0);
    begins(0, P0);
    heartbeat(Errors.REBALANCE_IN_PROGRESS);

    joins(3, COOPERATIVE, P0);

    assertThat(only(Assigned.class).added()).containsExactly(P0);
    assertThat(has(Fetch.class)).isTrue();
  }
}
