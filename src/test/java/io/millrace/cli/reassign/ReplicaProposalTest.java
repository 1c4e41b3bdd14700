package io.millrace.cli.reassign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.tool.ToolException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReplicaProposalTest {
  private static final List<Node> THREE =
      List.of(new Node(1, "a", 1), new Node(2, "b", 1), new Node(3, "c", 1));

  private static Map<TopicPartition, List<Integer>> topic(int partitions, List<Integer> replicas) {
    Map<TopicPartition, List<Integer>> now = new TreeMap<>(Partitions.ORDER);
    for (int i = 0; i < partitions; i++) {
      now.put(new TopicPartition("t", i), replicas);
    }
    return now;
  }

  @Test
  void letsLeadersGoRoundAndFollowersStandBehindThem() {
    Collection<List<Integer>> proposed =
        ReplicaProposal.of(topic(3, List.of(1, 2, 3)), THREE, true).values();

    assertThat(proposed).containsExactly(List.of(1, 2, 3), List.of(2, 3, 1), List.of(3, 1, 2));
  }

  @Test
  void spreadsTheFollowersOfOneLeaderOverAllOthers() {
    Map<TopicPartition, List<Integer>> proposed =
        ReplicaProposal.of(topic(6, List.of(1, 2)), THREE, true);

    assertThat(proposed.values()).doesNotHaveDuplicates();
    assertThat(
            proposed.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(id -> id, Collectors.counting())))
        .isEqualTo(Map.of(1, 4L, 2, 4L, 3, 4L));
  }

  @Test
  void putsReplicasIntoDifferentRacks() {
    List<Node> brokers =
        List.of(
            new Node(1, "a", 1, "x"),
            new Node(2, "b", 1, "x"),
            new Node(3, "c", 1, "y"),
            new Node(4, "d", 1, "y"));

    Map<TopicPartition, List<Integer>> proposed =
        ReplicaProposal.of(topic(12, List.of(1, 2)), brokers, true);

    assertThat(proposed.values())
        .allSatisfy(
            replicas ->
                assertThat(
                        new HashSet<>(
                            replicas.stream().map(id -> brokers.get(id - 1).rack()).toList()))
                    .hasSize(2));
  }

  @Test
  void refusesTooFewBrokersAndRacksOfSome() {
    assertThatThrownBy(() -> ReplicaProposal.of(topic(1, List.of(1, 2)), THREE.subList(0, 1), true))
        .isInstanceOf(ToolException.class)
        .hasMessage("Replication factor: 2 larger than available brokers: 1");
    List<Node> mixed = List.of(new Node(1, "a", 1, "x"), new Node(2, "b", 1));
    assertThatThrownBy(() -> ReplicaProposal.of(topic(1, List.of(1)), mixed, true))
        .isInstanceOf(ToolException.class)
        .hasMessageStartingWith("Not all brokers have rack information.");
    assertThat(ReplicaProposal.of(topic(1, List.of(1)), mixed, false)).hasSize(1);
  }

  @Test
  void refusesBrokersThatAreNamedTwiceOrAreNoNumbers() {
    assertThatThrownBy(() -> ReplicaProposal.brokers("1,2,1"))
        .hasMessage("Broker list contains duplicate entries: [1]");
    assertThatThrownBy(() -> ReplicaProposal.brokers("1,b"))
        .hasMessage("'b' is not the id of a broker");
  }
}
