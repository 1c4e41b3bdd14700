package io.millrace.cluster.founding;

import static io.millrace.cluster.founding.Encounter.Verdict.FOLLOW;
import static io.millrace.cluster.founding.Encounter.Verdict.GO_ON;
import static io.millrace.cluster.founding.Encounter.Verdict.STOP;
import static io.millrace.cluster.founding.Encounter.Verdict.YIELD;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.cluster.founding.Encounter.Verdict;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class EncounterTest {
  private static Card card(int id, String cluster, Stage stage, boolean blank) {
    return new Card(
        id,
        new Uuid(id, 1),
        "n",
        cluster,
        stage,
        Founder.NO,
        blank,
        new Place("h", id),
        0,
        List.of());
  }

  private static Card starts(int id, boolean blank) {
    return card(id, "cluster-" + id, Stage.STARTING, blank);
  }

  private static Card runs(int id) {
    return card(id, "cluster-" + id, Stage.MEMBER, false);
  }

  @Test
  void anEmptyClusterYieldsToOneThatRuns() {
    assertThat(Encounter.judge(starts(1, true), runs(2))).isEqualTo(YIELD);
    assertThat(Encounter.judge(starts(3, true), runs(2))).isEqualTo(YIELD);
  }

  @Test
  void aClusterThatHoldsSomethingYieldsToNobody() {
    assertThat(Encounter.judge(starts(1, false), runs(2))).isEqualTo(STOP);
    assertThat(Encounter.sentence(starts(1, false), runs(2)))
        .contains("cluster-1", "cluster-2", "at h:2", "cluster.name", "log.dirs");
  }

  @Test
  void anEmptyClusterThatRunsYieldsToOneThatStartsAndHoldsSomething() {
    Card empty = runs(2).withBlank(true);

    assertThat(Encounter.yields(empty, starts(1, false))).isTrue();
    assertThat(Encounter.judge(starts(1, false), empty)).isEqualTo(GO_ON);
    assertThat(Encounter.yields(empty, starts(1, true))).isFalse();
    assertThat(Encounter.judge(starts(1, true), empty)).isEqualTo(YIELD);
  }

  @Test
  void whoRunsAndHoldsSomethingOrMeetsNobodyElseYieldsNot() {
    assertThat(Encounter.yields(runs(2), starts(1, false))).isFalse();
    Card empty = runs(2).withBlank(true);
    assertThat(Encounter.yields(empty, empty)).isFalse();
    assertThat(Encounter.yields(empty, card(1, "cluster-2", Stage.STARTING, false))).isFalse();
    assertThat(Encounter.yields(empty, card(1, "cluster-1", Stage.LOOKING, false))).isFalse();
  }

  @Test
  void aBrokerThatRunsIsNotGivenUpToOneOfItsOwnId() {
    Card empty = runs(2).withBlank(true);
    Card full =
        new Card(
            2,
            new Uuid(9, 9),
            "n",
            "cluster-9",
            Stage.STARTING,
            Founder.NO,
            false,
            new Place("h", 9),
            0,
            List.of());

    assertThat(Encounter.yields(empty, full)).isFalse();
    assertThat(Encounter.judge(full, empty)).isEqualTo(STOP);
    assertThat(Encounter.sentence(full, empty)).contains("broker.id=2 is used", "h:2");
  }

  @Test
  void oneOfTwoThatStartAtOnceGoesOn() {
    for (boolean first : new boolean[] {true, false}) {
      for (boolean second : new boolean[] {true, false}) {
        Card one = starts(1, first);
        Card two = starts(2, second);
        List<Verdict> verdicts = List.of(Encounter.judge(one, two), Encounter.judge(two, one));

        assertThat(verdicts).containsOnlyOnce(GO_ON);
        assertThat(verdicts).doesNotContain(first || second ? STOP : YIELD);
      }
    }
  }

  @Test
  void aLogIsGivenUpToItsOwnClusterAfterMoreRecoveries() {
    Card old = card(1, "c", Stage.STARTING, false);
    for (Stage stage : List.of(Stage.STARTING, Stage.MEMBER)) {
      Card recovered = card(2, "c", stage, false).withRecoveries(1);

      assertThat(Encounter.judge(old, recovered)).isEqualTo(FOLLOW);
      assertThat(Encounter.judgeOwn(old, recovered)).isEqualTo(FOLLOW);
      assertThat(Encounter.judgeOwn(recovered, old)).isEqualTo(GO_ON);
      assertThat(Encounter.judgeOwn(old.withRecoveries(1), recovered)).isEqualTo(GO_ON);
      assertThat(Encounter.judgeOwn(old.withRecoveries(2), recovered)).isEqualTo(GO_ON);
    }
    assertThat(Encounter.givenUpSentence(runs(2))).contains("cluster-2", "broker 2 at h:2");
    assertThat(Encounter.recoveredSentence(runs(2))).contains("without --recover-metadata");
  }

  @Test
  void theRecoveryOfAnotherClusterIsNoConcernToOneOfSeveral() {
    Card self = starts(1, false);

    assertThat(Encounter.judgeOwn(self, runs(2).withRecoveries(1))).isEqualTo(GO_ON);
    assertThat(Encounter.isGivenUp(self, self.withRecoveries(1))).as("itself").isFalse();
    Card ofAnotherName =
        new Card(
            2,
            new Uuid(2, 1),
            "staging",
            "cluster-1",
            Stage.MEMBER,
            Founder.NO,
            false,
            new Place("h", 2),
            0,
            List.of(),
            1);
    assertThat(Encounter.isGivenUp(self, ofAnotherName)).as("a copy by another name").isFalse();
    Card without = card(1, "", Stage.LOOKING, false);
    assertThat(Encounter.isGivenUp(without, card(2, "", Stage.LOOKING, false).withRecoveries(1)))
        .isFalse();
  }

  @Test
  void othersAreNoConcern() {
    Card self = starts(1, true);

    assertThat(Encounter.judge(self, self)).isEqualTo(GO_ON);
    assertThat(Encounter.judge(self, card(2, "cluster-1", Stage.MEMBER, false))).isEqualTo(GO_ON);
    assertThat(Encounter.judge(self, card(2, "", Stage.LOOKING, false))).isEqualTo(GO_ON);
    assertThat(Encounter.judge(self, card(2, "x", Stage.JOINING, false))).isEqualTo(GO_ON);
  }
}
