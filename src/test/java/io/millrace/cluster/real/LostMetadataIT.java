package io.millrace.cluster.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.cluster.ClusterNode;
import io.millrace.testkit.cluster.ClusterProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers with two log folders each, one of which loses the one with its metadata log. */
@Tag("it")
class LostMetadataIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final TopicPartition KEPT = new TopicPartition("kept", 0);

  @TempDir Path folder;

  /** It would not learn who leads what from then on, and hold its lease all the same. */
  @Test
  void brokerEndsAndOthersLeadUntilItIsBack() throws Exception {
    try (ClusterProcess cluster = ClusterProcess.onLoopback(folder, Map.of())) {
      cluster.nodes().forEach(LostMetadataIT::start);
      cluster.awaitFormed();
      cluster.createTopic(KEPT.topic(), 3);
      cluster.awaitFullIsr(List.of(KEPT.topic()));
      ClusterNode loser = cluster.node(cluster.leader(KEPT));

      Path away = Files.move(loser.data(), loser.home().resolve("away"));

      await().atMost(PATIENCE).until(() -> !loser.isRunning());
      assertThat(Files.readString(loser.console()))
          .contains("this broker ends: its metadata log in " + loser.data());
      await().atMost(PATIENCE).until(() -> cluster.leader(KEPT) != loser.id());

      Files.move(away, loser.data());
      start(loser);
      cluster.awaitAnswers(loser);
      assertThat(cluster.awaitFullIsr(List.of(KEPT.topic()))).isLessThan(PATIENCE);
    }
  }

  private static void start(ClusterNode node) {
    node.start("--override", "log.dirs=" + node.data() + "," + node.home().resolve("more"));
  }
}
