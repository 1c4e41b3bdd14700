package io.millrace.cli.reassign;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.reassign.ClusterSurvey.Held;
import io.millrace.cluster.ReplicaMoves;
import io.millrace.cluster.ReplicaMoves.NoRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is said of a cluster that was asked. */
class ClusterSurveyTest {
  private static ClusterSurvey cluster(Set<Integer> away, Set<Integer> voters, Held... partitions) {
    Map<Integer, Node> brokers = new TreeMap<>();
    for (int id = 0; id < 3; id++) {
      brokers.put(id, new Node(id, "h", 1, null, away.contains(id)));
    }
    Map<TopicPartition, Held> held = new TreeMap<>(Partitions.ORDER);
    for (Held one : partitions) {
      held.put(new TopicPartition("t", held.size()), one);
    }
    return new ClusterSurvey("c", 0, brokers, held, voters, Set.of());
  }

  private static Held held(int leader, List<Integer> replicas, List<Integer> isr) {
    return new Held(leader, replicas, isr);
  }

  private static String said(ClusterSurvey survey) {
    return survey.bears().words() + ": " + survey.bears().why();
  }

  @Test
  void losesOneBrokerWhenAllIsOnTwo() {
    ClusterSurvey survey =
        cluster(Set.of(), Set.of(0, 1, 2), held(0, List.of(0, 1), List.of(0, 1)));

    assertThat(said(survey))
        .isEqualTo("can lose 1 broker: every partition is in sync on 2 brokers or more");
  }

  @Test
  void namesTheBrokerThatVotesAlone() {
    ClusterSurvey survey = cluster(Set.of(), Set.of(1), held(0, List.of(0, 1), List.of(0, 1)));

    assertThat(said(survey))
        .isEqualTo(
            "cannot lose a broker: broker 1 alone votes on the metadata until three brokers are"
                + " there");
  }

  @Test
  void saysWhichBrokerToStartAgain() {
    ClusterSurvey survey = cluster(Set.of(2), Set.of(0, 1, 2), held(0, List.of(0, 2), List.of(0)));

    assertThat(said(survey))
        .isEqualTo(
            "cannot lose a broker: 1 partition is in sync on one broker only: start broker 2"
                + " again");
  }

  @Test
  void saysThatNothingCanBeDecidedWithoutAMajority() {
    ClusterSurvey survey =
        cluster(Set.of(1, 2), Set.of(0, 1, 2), held(0, List.of(0, 2), List.of(0)));

    assertThat(said(survey))
        .startsWith("cannot lose a broker: 1 of the 3 brokers that vote on the metadata is there")
        .endsWith("nothing can be decided until one more is started");
  }

  @Test
  void countsPartitionsThatHaveOneReplica() {
    ClusterSurvey survey =
        cluster(
            Set.of(),
            Set.of(0, 1, 2),
            held(0, List.of(0), List.of(0)),
            held(1, List.of(1, 2), List.of(1, 2)));

    assertThat(said(survey)).isEqualTo("cannot lose a broker: 1 partition is on one broker only");
  }

  @Test
  void isPlannedUponWithoutBrokersThatAreAway() {
    List<Held> partitions = new ArrayList<>();
    partitions.add(held(0, List.of(0), List.of(0)));
    ClusterSurvey survey = cluster(Set.of(1), Set.of(0, 1, 2), partitions.toArray(Held[]::new));

    assertThat(ReplicaMoves.drain(survey.ground(), 0, NoRoom.KEEP))
        .singleElement()
        .satisfies(move -> assertThat(move.to()).containsExactly(2));
  }

  @Test
  void givesTheLeadershipToAReplicaThatIsThere() {
    ClusterSurvey survey =
        cluster(Set.of(1), Set.of(0, 1, 2), held(2, List.of(1, 0, 2), List.of(2, 0)));

    assertThat(ReplicaMoves.drain(survey.ground(), 2, NoRoom.KEEP))
        .extracting(ReplicaMoves.Move::to)
        .containsExactly(List.of(0, 1, 2));
  }

  @Test
  void keepsReplicasThatNobodyElseCanTake() {
    ClusterSurvey survey =
        cluster(Set.of(), Set.of(0), held(0, List.of(0, 1, 2), List.of(0, 1, 2)));

    assertThat(ReplicaMoves.drain(survey.ground(), 0, NoRoom.KEEP))
        .singleElement()
        .satisfies(move -> assertThat(move.to()).containsExactly(1, 2, 0));
    assertThat(ReplicaMoves.drain(survey.ground(), 0, NoRoom.FEWER_REPLICAS))
        .singleElement()
        .satisfies(move -> assertThat(move.to()).containsExactly(1, 2));
  }

  @Test
  void namesWhatABrokerLeadsForOthers() {
    ClusterSurvey survey =
        cluster(
            Set.of(),
            Set.of(0, 1, 2),
            held(2, List.of(2, 0, 1), List.of(0, 1, 2)),
            held(2, List.of(0, 1, 2), List.of(0, 1, 2)),
            held(0, List.of(0, 1, 2), List.of(0, 1, 2)));

    assertThat(ReplicaMoves.drain(survey.ground(), 2, NoRoom.KEEP))
        .extracting(move -> move.partition().partition())
        .containsExactly(0);
    assertThat(survey.ledForOthers(2)).containsExactly(new TopicPartition("t", 1));
  }
}
