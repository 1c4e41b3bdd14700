package io.millrace.cluster.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.cluster.ClusterProcess;
import io.millrace.testkit.cluster.Fault;
import io.millrace.testkit.cluster.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers as processes: they form a cluster, and what they acknowledged outlives faults. */
@Tag("it")
class ClusterIT {
  private static final Set<String> QUICK = Set.of("kill -9 of a leader", "rolling restart");

  /** The rest comes with {@code bin/soak}. */
  private static final Set<String> SLOW =
      Set.of(
          "kill -9 of a coordinator",
          "kill -9 of the controller",
          "kill -9 of all at once",
          "a leader frozen for 8 s");

  @TempDir static Path folder;
  private static ClusterProcess cluster;

  @BeforeAll
  static void start() {
    cluster = ClusterProcess.onLoopback(folder, Map.of()).start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void becomesOneClusterThatEveryBrokerTellsAlike() throws Exception {
    DescribeClusterResult told = cluster.admin().describeCluster();

    assertThat(told.nodes().get()).extracting(Node::id).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(told.clusterId().get()).isNotBlank();
  }

  @Test
  void spreadsReplicasAndBringsThemInSync() {
    cluster.createTopic("spread", 12);

    Duration took = cluster.awaitFullIsr(List.of("spread"));

    assertThat(took).isLessThan(Duration.ofSeconds(30));
  }

  @TestFactory
  Stream<DynamicTest> everyAcknowledgedRecordIsThereOnceAndInOrderAfter() {
    return tests(QUICK);
  }

  @TestFactory
  @Tag("long")
  Stream<DynamicTest> everyAcknowledgedRecordIsThereOnceAndInOrderEvenAfter() {
    return tests(SLOW);
  }

  private static Stream<DynamicTest> tests(Set<String> names) {
    return Fault.all().stream()
        .filter(fault -> names.contains(fault.name()))
        .map(fault -> DynamicTest.dynamicTest(fault.name(), () -> befalls(fault)));
  }

  private static void befalls(Fault fault) {
    String topic = "after-" + fault.name().replaceAll("\\W+", "-");

    Outcome outcome = Outcome.of(cluster, null, fault, topic);

    System.out.println(outcome);
    assertThat(outcome.isGood()).as(outcome.toString()).isTrue();
  }
}
