package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.ApiVersionsProbe;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.ScriptHome;
import io.millrace.testkit.ScriptHome.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What kafka-server-start.sh and kafka-server-stop.sh do for those who type what a book says. */
@Tag("it")
class ServerScriptsIT {
  private static ScriptHome home;

  private Path work;
  private Path logs;
  private int port;

  @BeforeAll
  static void unpack() {
    home = ScriptHome.create();
  }

  @BeforeEach
  void choosePlaces() throws IOException {
    work = Folders.empty("server-scripts-run");
    logs = work.resolve("logs");
    port = BrokerProcess.freePort();
  }

  @AfterEach
  void stopWhatRuns() {
    stop();
  }

  @Test
  void saysKafkasUsageWithoutArguments() {
    Ended ended = home.run(Map.of(), "bin/kafka-server-start.sh");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out())
        .containsExactly(
            "USAGE: bin/kafka-server-start.sh [-daemon] server.properties"
                + " [--override property=value]*");
  }

  @Test
  void saysTheVersionAsKafkasToolsDo() {
    Ended ended = home.run(Map.of(), "bin/kafka-server-start.sh", "--version");

    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .singleElement()
        .asString()
        .matches("\\d+\\.\\d+\\.\\d+ \\(Millrace .*\\)");
  }

  @Test
  void daemonReturnsWhenTheBrokerServes() throws Exception {
    Ended ended = startDaemon(Map.of());

    assertThat(ApiVersionsProbe.answers(port)).isTrue();
    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .hasSize(1)
        .first()
        .asString()
        .contains("pid " + pid(), "port " + port, logs.resolve("server.log").toString());
    assertThat(logs.resolve("kafkaServer.out")).content().contains("ready in");
    assertThat(logs.resolve("millrace-0.pid")).hasContent(pid() + "\n");
  }

  @Test
  void showsInJpsWhatWasTyped() throws Exception {
    startDaemon(Map.of());

    assertThat(ScriptHome.run(work, Map.of(), jdk("jps"), "-m").out())
        .anyMatch(line -> line.startsWith(pid() + " Kafka config/server.properties --override "));
  }

  @Test
  void daemonSaysWhyTheBrokerDoesNotServe() throws Exception {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      Ended ended = startDaemon(Map.of());

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .as("one sentence")
          .filteredOn(line -> !line.startsWith("Preparing"))
          .hasSize(1)
          .first()
          .asString()
          .contains("PLAINTEXT://127.0.0.1:" + taken.getLocalPort());
      assertThat(logs.resolve("millrace.pid")).doesNotExist();
      assertThat(logs.resolve("server.log")).content().contains("cannot be opened");
    }
  }

  @Test
  void daemonDoesNotWaitForABrokerThatHangs() throws Exception {
    startDaemon(Map.of());
    stop();
    Map<String, String> hanging =
        Map.of(
            "KAFKA_DEBUG", "y",
            "DEBUG_SUSPEND_FLAG", "y",
            "JAVA_DEBUG_PORT", "127.0.0.1:0",
            "MILLRACE_START_SECONDS", "1");

    Ended ended = startDaemon(hanging);

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.said()).contains("is not ready after 1 s");
    Matcher named = Pattern.compile("pid (\\d+)").matcher(ended.said());
    assertThat(named.find()).isTrue();
    ProcessHandle hung = ProcessHandle.of(Long.parseLong(named.group(1))).orElseThrow();
    assertThat(hung.destroyForcibly()).isTrue();
  }

  @Test
  void outlivesTheTerminal() throws Exception {
    startDaemon(Map.of());

    ScriptHome.run(work, Map.of(), "kill", "-HUP", pid());

    assertThat(ScriptHome.run(work, Map.of(), "ps", "-o", "sid=", "-p", pid()).out())
        .as("session of its own")
        .allMatch(sid -> sid.strip().equals(pid()));
    assertThat(ApiVersionsProbe.answers(port)).isTrue();
  }

  @Test
  void servesAgainAfterAKill() throws Exception {
    startDaemon(Map.of());
    long killed = Long.parseLong(pid());
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    await().atMost(Duration.ofSeconds(10)).until(() -> !ApiVersionsProbe.answers(port));

    Ended ended = startDaemon(Map.of());

    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ApiVersionsProbe.answers(port)).isTrue();
    assertThat(pid()).isNotEqualTo(Long.toString(killed));
  }

  @Test
  void logsInFewLinesWhatPeopleLookFor() throws Exception {
    startDaemon(Map.of());
    stop();

    assertThat(Files.readAllLines(logs.resolve("server.log")))
        .hasSizeLessThan(40)
        .anyMatch(line -> line.contains("Millrace "))
        .anyMatch(line -> line.contains("broker 0 of cluster "))
        .anyMatch(line -> line.contains("listening on PLAINTEXT://127.0.0.1:" + port))
        .anyMatch(line -> line.contains("needed: port " + port + "; not needed: 2181"))
        .anyMatch(line -> line.contains("data in " + work.resolve("data")))
        .anyMatch(line -> line.matches(".*ready in \\d+ ms.*"))
        .anyMatch(line -> line.contains("clean shutdown"));
  }

  @Test
  void stopsOnlyItsOwnAndSaysSo() throws Exception {
    startDaemon(Map.of());
    long broker = Long.parseLong(pid());

    Ended other = home.run(Map.of(), "bin/kafka-server-stop.sh", "--node-id=7");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).containsExactly("No kafka server to stop");

    Ended own = home.run(Map.of(), "bin/kafka-server-stop.sh", "--node-id=0");
    assertThat(own.code()).as(own.said()).isZero();
    assertThat(own.out()).singleElement().asString().contains("pid " + broker);
    assertThat(ApiVersionsProbe.answers(port)).isFalse();
    assertThat(logs.resolve("millrace.pid")).doesNotExist();

    Ended again = home.run(Map.of(), "bin/kafka-server-stop.sh");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.out()).containsExactly("No kafka server to stop");
  }

  @Test
  void namesAFolderThatItCannotWriteTo() throws Exception {
    List<String> line = new ArrayList<>(List.of(home.script("kafka-server-start.sh")));
    line.addAll(List.of("config/server.properties", "--override", "log.dirs=/proc/x"));
    line.addAll(List.of("--override", "listeners=PLAINTEXT://127.0.0.1:" + port));

    Ended ended = home.run(variables(Map.of()), line.toArray(String[]::new));

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .filteredOn(text -> !text.startsWith("Preparing"))
        .singleElement()
        .asString()
        .contains("cannot write", "/proc/x", "as user " + System.getProperty("user.name"));
  }

  /** Starts a broker over {@link #work}; the first start of all prepares the class archive. */
  private Ended startDaemon(Map<String, String> variables) {
    return home.run(
        variables(variables),
        "bin/kafka-server-start.sh",
        "-daemon",
        "config/server.properties",
        "--override",
        "listeners=PLAINTEXT://127.0.0.1:" + port,
        "--override",
        "log.dirs=" + work.resolve("data"));
  }

  private Map<String, String> variables(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("LOG_DIR", logs.toString());
    return all;
  }

  private static Ended stop() {
    return home.run(Map.of(), "bin/kafka-server-stop.sh");
  }

  private String pid() {
    try {
      return Files.readString(logs.resolve("millrace.pid")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String jdk(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }
}
