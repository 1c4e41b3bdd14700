package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.Typed;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lines of tutorials that newer tools of Kafka no longer take still do what they did. */
@Tag("it")
class OldTutorialToolsIT {
  private static BrokerProcess broker;
  private static Typed shell;

  @BeforeAll
  static void start() {
    broker = BrokerProcess.start(Folders.empty("old-tutorials"));
    shell = Typed.inPipe().with(Map.of("MILLRACE_BOOTSTRAP", broker.bootstrap()));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static String hintOfZooKeeper() {
    return "hint: there is no ZooKeeper; taken as --bootstrap-server " + broker.bootstrap();
  }

  @Test
  void topicIsCreatedWithTheToolOfTheFirstReleases() {
    Typed.Printed created =
        shell.kafka(
            "kafka-create-topic",
            "--zookeeper",
            "localhost:2181",
            "--replica",
            "1",
            "--partition",
            "1",
            "--topic",
            "kafkatopic");

    assertThat(created.exitCode()).isZero();
    assertThat(created.lines()).containsExactly("creation succeeded!");
    assertThat(created.errorLines()).containsExactly(hintOfZooKeeper());
    assertThat(shell.kafka("kafka-create-topic", "--topic", "kafkatopic").out())
        .startsWith("creation failed because of Topic 'kafkatopic' already exists.");
  }

  @Test
  void topicIsCreatedByWayOfZooKeeperAndShownWithoutAnAddress() {
    Typed.Printed created =
        shell.kafka(
            "kafka-topics",
            "--zookeeper",
            "kafka-broker01:2181,kafka-broker02:2181",
            "--create",
            "--topic",
            "first-test",
            "--partitions",
            "3",
            "--replication-factor",
            "1",
            "--disable-rack-aware");

    assertThat(created.lines()).containsExactly("Created topic first-test.");
    assertThat(created.errorLines())
        .containsExactly(
            hintOfZooKeeper(), "hint: --disable-rack-aware has no effect today and was left out");
    assertThat(shell.kafka("kafka-topics", "--describe", "--topic", "first-test").lines())
        .hasSize(4)
        .first()
        .asString()
        .matches(
            "Topic: first-test\tTopicId: [\\w-]{22}\tPartitionCount: 3\tReplicationFactor: 1"
                + "\tConfigs: ");
  }

  @Test
  void settingsOfTopicsAreAlteredWithTheToolOfTopics() {
    shell.kafka("kafka-topics", "--create", "--topic", "altered");

    Typed.Printed altered =
        shell.kafka(
            "kafka-topics",
            "--zookeeper=localhost:2181/kafka",
            "--alter",
            "--topic",
            "altered",
            "--config",
            "max.message.bytes=128000");
    assertThat(altered.lines()).containsExactly("Updated config for topic altered.");
    assertThat(shell.kafka("kafka-configs", "--describe", "--topic", "altered").lines())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("  max.message.bytes=128000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:");

    shell.kafka(
        "kafka-topics", "--alter", "--topic", "altered", "--delete-config", "max.message.bytes");
    assertThat(shell.kafka("kafka-configs", "--describe", "--topic", "altered").lines())
        .containsExactly("Dynamic configs for topic altered are:");
  }

  @Test
  void offsetsAreAskedWithTheOptionsOfTheOldShell() {
    shell.kafka("kafka-topics", "--create", "--topic", "asked");

    Typed.Printed asked =
        shell.kafka(
            "kafka-get-offsets",
            "--broker-list",
            broker.bootstrap(),
            "--topic",
            "asked",
            "--time",
            "-1",
            "--offsets",
            "1");
    assertThat(asked.lines()).containsExactly("asked:0:0");
    assertThat(asked.errorLines())
        .containsExactly(
            "hint: --broker-list is called --bootstrap-server today",
            "hint: --offsets and --max-wait-ms have no effect since Kafka 3.0 and were left out");
  }
}
