package io.millrace.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two brokers that each founded a cluster while the other was away, and meet. */
@Tag("it")
class EncounterIT {
  @TempDir Path home;

  private final List<Integer> ports = List.of(BrokerProcess.freePort(), BrokerProcess.freePort());

  @Test
  void anEmptyClusterThatRunsIsGivenUpForOneThatHoldsSomething() throws Exception {
    try (BrokerProcess full = BrokerProcess.start(home.resolve("full"), settings(0))) {
      try (Admin admin = admin(full)) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get(30, SECONDS);
      }
      full.stop();

      try (BrokerProcess empty = BrokerProcess.start(home.resolve("empty"), settings(1))) {
        full.start();

        try (Admin admin = admin(empty)) {
          await()
              .atMost(Duration.ofSeconds(60))
              .untilAsserted(() -> assertThat(brokers(admin)).containsExactlyInAnyOrder(0, 1));
          assertThat(admin.listTopics().names().get(30, SECONDS)).contains("kept");
        }
      }
    }
  }

  private static Set<Integer> brokers(Admin admin) throws Exception {
    return admin.describeCluster().nodes().get(30, SECONDS).stream()
        .map(Node::id)
        .collect(Collectors.toSet());
  }

  private static Admin admin(BrokerProcess broker) {
    return Admin.create(Map.<String, Object>of("bootstrap.servers", broker.bootstrap()));
  }

  private Map<String, String> settings(int id) {
    return Map.of(
        "broker.id",
        Integer.toString(id),
        "cluster.name",
        "meets-" + ports.get(0),
        "cluster.host",
        "127.0.0.1",
        "cluster.port",
        Integer.toString(ports.get(id)),
        "cluster.join",
        "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1));
  }
}
