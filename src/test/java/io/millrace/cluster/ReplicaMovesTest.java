package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.ReplicaMoves.Move;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerStart;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/** Where replicas are planned to go. */
class ReplicaMovesTest {

  private static ClusterImage image(List<@Nullable String> racks, List<List<Integer>> replicas) {
    TreePMap<Integer, BrokerImage> brokers = TreePMap.empty();
    for (int id = 1; id <= racks.size(); id++) {
      brokers = brokers.plus(id, broker(id, racks.get(id - 1), false));
    }
    List<PartitionImage> partitions =
        replicas.stream().map(held -> PartitionImage.created(held, held)).toList();
    ClusterImage empty = ClusterImage.EMPTY;
    return new ClusterImage(
        1,
        1,
        1,
        "c",
        1,
        1,
        0,
        0,
        brokers,
        empty.topics().plus("t", new TopicImage("t", new Uuid(1, 1), TreePVector.from(partitions))),
        empty.topicNames().plus(new Uuid(1, 1), "t"),
        empty.similarNames(),
        empty.configs(),
        empty.answers());
  }

  private static BrokerImage broker(int id, @Nullable String rack, boolean fenced) {
    return new BrokerImage(
        id, id, new Uuid(2, id), List.of(), rack, fenced, BrokerStart.UNKNOWN, false);
  }

  private static List<@Nullable String> noRacks(int brokers) {
    return Arrays.asList(new String[brokers]);
  }

  private static Map<Integer, Integer> replicas(ClusterImage image, List<Move> moves) {
    Map<Integer, Integer> counts = new TreeMap<>();
    image.brokers().keySet().forEach(id -> counts.put(id, 0));
    after(image, moves)
        .values()
        .forEach(held -> held.forEach(id -> counts.merge(id, 1, Integer::sum)));
    return counts;
  }

  private static Map<Integer, List<Integer>> after(ClusterImage image, List<Move> moves) {
    Map<Integer, List<Integer>> held = new TreeMap<>();
    List<PartitionImage> partitions = image.topic("t").partitions();
    for (int number = 0; number < partitions.size(); number++) {
      held.put(number, partitions.get(number).replicas());
    }
    moves.forEach(move -> held.put(move.partition().partition(), move.to()));
    return held;
  }

  @Test
  void emptiesABrokerAndLeavesTheOthersLevel() {
    ClusterImage image =
        image(noRacks(4), List.of(List.of(1, 2), List.of(1, 3), List.of(2, 1), List.of(3, 2)));

    List<Move> moves = ReplicaMoves.drain(image, 1);

    assertThat(replicas(image, moves)).isEqualTo(Map.of(1, 0, 2, 3, 3, 3, 4, 2));
    assertThat(moves).hasSize(3).allMatch(move -> move.to().size() == 2);
  }

  @Test
  void leavesAPartitionWithOneReplicaLessWhenEveryBrokerHoldsIt() {
    ClusterImage image = image(noRacks(3), List.of(List.of(1, 2, 3)));

    assertThat(ReplicaMoves.drain(image, 1))
        .containsExactly(new Move(new TopicPartition("t", 0), List.of(1, 2, 3), List.of(2, 3)));
  }

  @Test
  void doesNotTakeAPartitionFromItsOnlyBroker() {
    assertThat(ReplicaMoves.drain(image(noRacks(1), List.of(List.of(1))), 1)).isEmpty();
  }

  @Test
  void prefersAnotherRackThanThatOfTheReplicasThatStay() {
    ClusterImage image = image(List.of("a", "b", "b", "a"), List.of(List.of(1, 2)));

    assertThat(ReplicaMoves.drain(image, 1).get(0).to()).containsExactly(4, 2);
  }

  @Test
  void levelsReplicasAndPreferredLeaders() {
    Random random = new Random(5);
    List<List<Integer>> held = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      held.add(random.nextBoolean() ? List.of(1, 2) : List.of(2, 1));
    }
    ClusterImage image = image(noRacks(3), held);

    List<Move> moves = ReplicaMoves.rebalance(image);

    assertThat(replicas(image, moves).values()).allMatch(count -> count >= 39 && count <= 41);
    Map<Integer, Integer> leaders = new TreeMap<>();
    after(image, moves).values().forEach(of -> leaders.merge(of.get(0), 1, Integer::sum));
    assertThat(leaders.values()).allMatch(count -> count >= 19 && count <= 21);
    assertThat(after(image, moves).values())
        .allMatch(of -> of.size() == 2 && of.get(0) != of.get(1).intValue());
  }

  @Test
  void movesNothingWhenAllIsLevel() {
    ClusterImage image = image(noRacks(3), List.of(List.of(1, 2), List.of(2, 3), List.of(3, 1)));

    assertThat(ReplicaMoves.rebalance(image)).isEmpty();
  }

  @Test
  void putsNoTwoReplicasIntoOneRackForIt() {
    ClusterImage image =
        image(List.of("a", "a", "b"), List.of(List.of(1, 3), List.of(1, 3), List.of(1, 3)));

    List<Move> moves = ReplicaMoves.rebalance(image);

    assertThat(moves).isNotEmpty();
    assertThat(after(image, moves).values()).allMatch(held -> held.contains(3));
  }
}
