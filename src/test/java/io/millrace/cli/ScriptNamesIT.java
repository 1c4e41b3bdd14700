package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Folders;
import io.millrace.testkit.ScriptHome;
import io.millrace.testkit.ScriptHome.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that run no broker: what they hand on, and those that are not needed here. */
@Tag("it")
class ScriptNamesIT {
  private static ScriptHome home;

  @BeforeAll
  static void unpack() {
    home = ScriptHome.create();
  }

  /** Stands where a main class would: says what it was given. */
  public static final class Echo {
    private Echo() {}

    /** Prints the arguments. */
    public static void main(String[] arguments) {
      System.out.println("echo " + String.join("|", arguments));
    }
  }

  @Test
  void eachScriptHasItsNameWithoutTheEnding() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("bin"))) {
      List<Path> scripts = files.filter(file -> file.toString().endsWith(".sh")).toList();

      assertThat(scripts)
          .hasSizeGreaterThan(20)
          .allSatisfy(
              script -> {
                String text = script.toString();
                Path bare = Path.of(text.substring(0, text.length() - 3));
                assertThat(Files.isExecutable(script)).isTrue();
                assertThat(Files.readSymbolicLink(bare)).isEqualTo(script.getFileName());
              });
    }
  }

  @Test
  void worksThroughALinkFromElsewhere() throws IOException {
    Path elsewhere = Folders.empty("script-names-elsewhere");
    Path link = elsewhere.resolve("versions");
    Files.createSymbolicLink(link, Path.of(home.script("kafka-get-offsets")));

    Ended ended = ScriptHome.run(elsewhere, Map.of(), "./versions", "--version");

    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.out()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zookeeper-server-start.sh -daemon config/zookeeper.properties",
        "zookeeper-server-stop.sh",
        "zookeeper-shell.sh localhost:2181 ls /brokers/ids",
        "zookeeper-server-start config/zookeeper.properties",
        "kafka-storage.sh format -t abc -c config/server.properties",
        "millrace zookeeper-server-start"
      })
  void saysInOneLineWhatIsNotNeeded(String line) {
    Ended ended = home.run(Map.of(), ("bin/" + line).split(" "));

    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .singleElement()
        .asString()
        .containsPattern("not needed|There is no ZooKeeper");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect-standalone.sh config/connect-standalone.properties config/connect-file-sink.properties",
        "connect-distributed config/connect-distributed.properties",
        "connect-mirror-maker.sh mm2.properties",
        "kafka-mirror-maker.sh --whitelist topic",
        "millrace connect-standalone"
      })
  void saysInOneLineWhereToTypeWhatKafkaHasAndMillraceHasNot(String line) {
    Ended ended = home.run(Map.of(), ("bin/" + line).split(" "));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .singleElement()
        .asString()
        .contains("Kafka's works with it", "type this line in a folder of Kafka");
  }

  @Test
  void makesIdsAsKafkaWritesThem() {
    String id = home.run(Map.of(), "bin/kafka-storage.sh", "random-uuid").out().get(0);
    String other = home.run(Map.of(), "bin/kafka-storage.sh", "random-uuid").out().get(0);

    assertThat(Uuid.fromString(id)).hasToString(id);
    assertThat(id).isNotEqualTo(other).doesNotStartWith("-");
  }

  @Test
  void tellsWhatIsInADataFolder() throws IOException {
    Path data = Folders.empty("script-names-data");
    Path file = Files.writeString(data.resolve("server.properties"), "log.dirs=" + data + "\n");
    Files.writeString(data.resolve("meta.properties"), "#\nversion=1\ncluster.id=c\nnode.id=3\n");

    Ended ended = home.run(Map.of(), "bin/kafka-storage.sh", "info", "-c", file.toString());

    assertThat(ended.out())
        .containsExactly(
            "Found log directory:",
            "  " + data,
            "",
            "Found metadata: {cluster.id=c, node.id=3, version=1}");
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.tools.GetOffsetShell, kafka-get-offsets",
    "org.apache.kafka.tools.GetOffsetShell, kafka-get-offsets"
  })
  void runsKafkasClassesAsTheCommandsThatStandForThem(String type, String command) {
    Ended byClass = home.run(Map.of(), "bin/kafka-run-class.sh", type, "--help");
    Ended byName = home.run(Map.of(), "bin/" + command + ".sh", "--help");

    assertThat(byClass.code()).as(byClass.said()).isZero();
    assertThat(byClass.out()).isNotEmpty().isEqualTo(byName.out());
  }

  @Test
  void runsAnyOtherClassOnItsClassPathAndTheirs() {
    String classes = Path.of("target", "test-classes").toAbsolutePath().toString();

    Ended ended =
        home.run(
            Map.of("CLASSPATH", classes, "KAFKA_OPTS", "-Dq=1"),
            "bin/kafka-run-class.sh",
            "-name",
            "echo",
            "-loggc",
            Echo.class.getName(),
            "a b",
            "--c");

    assertThat(ended.out()).as(ended.said()).containsExactly("echo a b|--c");
  }

  @Test
  void saysKafkasUsageOfRunClass() {
    Ended ended = home.run(Map.of(), "bin/kafka-run-class.sh");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out())
        .containsExactly(
            "USAGE: bin/kafka-run-class.sh [-daemon] [-name servicename] [-loggc] classname [opts]");
  }
}
