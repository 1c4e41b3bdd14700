package io.millrace.rest.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.QuorumView;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerStart;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/** How many brokers may be lost, and why not more. */
class ToleranceTest {

  private static ClusterImage image(int brokers, Set<Integer> fenced, PartitionImage... held) {
    TreePMap<Integer, BrokerImage> all = TreePMap.empty();
    for (int id = 1; id <= brokers; id++) {
      all =
          all.plus(
              id,
              new BrokerImage(
                  id,
                  id,
                  new Uuid(2, id),
                  List.of(),
                  null,
                  fenced.contains(id),
                  BrokerStart.UNKNOWN,
                  false));
    }
    ClusterImage empty = ClusterImage.EMPTY;
    TopicImage topic = new TopicImage("t", new Uuid(1, 1), TreePVector.from(List.of(held)));
    return new ClusterImage(
        1,
        1,
        1,
        "c",
        1,
        1,
        0,
        0,
        all,
        empty.topics().plus("t", topic),
        empty.topicNames().plus(topic.id(), "t"),
        empty.similarNames(),
        empty.configs(),
        empty.answers());
  }

  private static PartitionImage partition(List<Integer> replicas, Integer... isr) {
    return PartitionImage.created(replicas, List.of(isr));
  }

  private static QuorumView voters(int count) {
    return new QuorumView(
        1,
        1,
        1,
        IntStream.rangeClosed(1, count).mapToObj(id -> new QuorumView.Member(id, -1, -1)).toList(),
        List.of());
  }

  private static Tolerance of(ClusterImage image, int voters) {
    return Tolerance.of(image, voters(voters), topic -> 1);
  }

  @Test
  void aLoneBrokerCannotBeLost() {
    Tolerance found = of(image(1, Set.of(), partition(List.of(1), 1)), 1);

    assertThat(found.brokers()).isZero();
    assertThat(found.text()).contains("only broker");
  }

  @Test
  void oneOfThreeMayBeLostWhenAllIsInSync() {
    Tolerance found = of(image(3, Set.of(), partition(List.of(1, 2, 3), 1, 2, 3)), 3);

    assertThat(found.brokers()).as("two voters of three stay").isEqualTo(1);
    assertThat(found.text()).startsWith("Any one broker may be lost");
  }

  @Test
  void twoOfFiveMayBeLost() {
    PartitionImage held = partition(List.of(1, 2, 3), 1, 2, 3);

    assertThat(of(image(5, Set.of(), held), 5).brokers()).isEqualTo(2);
  }

  @Test
  void aPartitionWithOneReplicaForbidsIt() {
    PartitionImage single = partition(List.of(2), 2);
    PartitionImage held = partition(List.of(1, 2, 3), 1, 2, 3);

    Tolerance found = of(image(3, Set.of(), held, single), 3);

    assertThat(found.brokers()).isZero();
    assertThat(found.text()).startsWith("1 partition has one replica only");
  }

  @Test
  void aReplicaThatIsBehindForbidsIt() {
    Tolerance found = of(image(3, Set.of(), partition(List.of(1, 2), 1)), 3);

    assertThat(found.text()).contains("one replica in sync only");
  }

  @Test
  void theOnlyVoterOfTwoBrokersIsNamed() {
    Tolerance found = of(image(2, Set.of(), partition(List.of(1, 2), 1, 2)), 1);

    assertThat(found.brokers()).isZero();
    assertThat(found.text()).startsWith("Broker 1 cannot be lost");
  }

  @Test
  void withAVoterAwayNoFurtherMayBeLost() {
    Tolerance found = of(image(3, Set.of(3), partition(List.of(1, 2, 3), 1, 2)), 3);

    assertThat(found.brokers()).isZero();
    assertThat(found.text()).startsWith("Only 2 of the 3 brokers that vote");
  }

  @Test
  void saysWhereProducersWouldBeRefused() {
    ClusterImage image = image(3, Set.of(), partition(List.of(1, 2), 1, 2));

    Tolerance found = Tolerance.of(image, voters(3), topic -> 2);

    assertThat(found.brokers()).isEqualTo(1);
    assertThat(found.text()).contains("refused in 1 partition");
  }
}
