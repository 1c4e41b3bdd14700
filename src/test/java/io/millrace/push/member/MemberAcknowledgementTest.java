package io.millrace.push.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.push.member.MemberEffect.Acknowledged;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.Ended;
import io.millrace.push.member.MemberEffect.Ending;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Leave;
import io.millrace.push.member.MemberEffect.NotAcknowledged;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What a page in a group acknowledges, and how it ends. */
class MemberAcknowledgementTest extends GroupMemberFixture {

  // Acknowledging.

  @Test
  void answersAnAcknowledgementWhenItIsStored() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 4);

    effects = member.acknowledge(9, Map.of(P0, 5L), nowMs);

    assertThat(has(Acknowledged.class)).isFalse();
    assertThat(committed(only(Commit.class)).committedLeaderEpoch()).isEqualTo(4);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(only(Acknowledged.class).ack()).isEqualTo(9);
  }

  @Test
  void commitsOnceForAllThatIsAcknowledgedMeanwhile() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 50, 0);
    effects = member.acknowledge(1, Map.of(P0, 10L), nowMs);
    Commit first = only(Commit.class);
    assertThat(member.acknowledge(2, Map.of(P0, 20L), nowMs)).isEmpty();
    assertThat(member.acknowledge(3, Map.of(P0, 30L), nowMs)).isEmpty();

    commitAnswered(first, Errors.NONE);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(30);
    commitAnswered(only(Commit.class), Errors.NONE);
    assertThat(effects).contains(new Acknowledged(2), new Acknowledged(3));
  }

  @Test
  void neverMovesACommitBack() {
    startsWith(RANGE, P0);
    begins(40, P0);
    member.delivered(P0, 50, 0);

    effects = member.acknowledge(1, Map.of(P0, 30L), nowMs);

    assertThat(has(Commit.class)).isFalse();
    assertThat(has(Acknowledged.class)).isTrue();
  }

  @Test
  void refusesAcknowledgementsOfWhatItDoesNotHaveAndDidNotDeliver() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);

    effects = member.acknowledge(1, Map.of(P1, 1L), nowMs);
    assertThat(only(NotAcknowledged.class).error()).isEqualTo(Errors.ILLEGAL_GENERATION);
    effects = member.acknowledge(2, Map.of(P0, 6L), nowMs);
    assertThat(only(NotAcknowledged.class).error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void triesACommitAgainThatTheCoordinatorCouldNotTake() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5, 0);
    effects = member.acknowledge(1, Map.of(P0, 5L), nowMs);
    commitAnswered(only(Commit.class), Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(has(NotAcknowledged.class)).isFalse();

    nowMs = member.nextTickMs();
    effects = member.tick(nowMs);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(5);
  }

  @Test
  void boundsTheAcknowledgementsThatWait() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 5_000, 0);
    for (long ack = 1; ack <= 1_024; ack++) {
      member.acknowledge(ack, Map.of(P0, ack), nowMs);
    }

    effects = member.acknowledge(1_025, Map.of(P0, 1_025L), nowMs);

    assertThat(only(NotAcknowledged.class).error()).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
  }

  // The end.

  @Test
  void isFencedWhenTheCoordinatorKnowsItNoMore() {
    startsWith(RANGE, P0);

    heartbeat(Errors.UNKNOWN_MEMBER_ID);

    assertThat(only(Ended.class).ending()).isEqualTo(Ending.FENCED);
    assertThat(member.mayDeliver(nowMs)).isFalse();
    assertThat(member.nextTickMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void isReplacedWhenItsInstanceBelongsToAnother() {
    member = member("tab-7");
    startsWith(RANGE, P0);

    heartbeat(Errors.FENCED_INSTANCE_ID);

    assertThat(only(Ended.class).ending()).isEqualTo(Ending.REPLACED);
    assertThat(has(Leave.class)).isFalse();
  }

  @Test
  void leavesAtOnceWithAReason() {
    startsWith(RANGE, P0);

    effects = member.close("closed its socket", true, nowMs);

    assertThat(only(Leave.class).afterMs()).isZero();
    assertThat(only(Leave.class).request().members().get(0).reason())
        .isEqualTo("closed its socket");
  }

  @Test
  void keepsThePlaceOfAnInstanceForTheGraceTime() {
    member = member("tab-7");
    startsWith(RANGE, P0);

    effects = member.close("closed its socket", true, nowMs);

    assertThat(only(Leave.class).afterMs()).isEqualTo(10_000);
    assertThat(only(Leave.class).request().members().get(0).groupInstanceId()).isEqualTo("tab-7");
  }

  @Test
  void commitsWhatWasAcknowledgedBeforeItLeaves() {
    startsWith(RANGE, P0);
    begins(0, P0);
    member.delivered(P0, 50, 0);
    member.acknowledge(1, Map.of(P0, 10L), nowMs);
    member.acknowledge(2, Map.of(P0, 20L), nowMs);

    effects = member.close("closed its socket", false, nowMs);

    assertThat(committed(only(Commit.class)).committedOffset()).isEqualTo(20);
    assertThat(effects.indexOf(only(Commit.class))).isLessThan(effects.indexOf(only(Leave.class)));
  }

  @Test
  void leavesAlsoWhenItHadNotJoinedYetAsItClosed() {
    member = member("tab-7");
    effects = member.start(nowMs);
    int call = only(Join.class).call();
    effects = member.close("closed its socket", true, nowMs);
    assertThat(has(Leave.class)).isFalse();

    effects = member.joined(call, generation(1, RANGE), nowMs);

    assertThat(only(Leave.class).request().members().get(0).memberId()).isEqualTo("me");
  }
}
