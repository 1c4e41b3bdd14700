package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.ScriptHome;
import io.millrace.testkit.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C ends a consumer that was started by its script as it ends Kafka's. */
@Tag("it")
class InterruptedConsumersIT {
  /** What a shell calls the end by SIGINT. */
  private static final int INTERRUPTED = 130;

  private static BrokerProcess broker;
  private static ScriptHome home;

  @BeforeAll
  static void start() {
    broker = BrokerProcess.start(Folders.empty("interrupted-consumers"));
    home = ScriptHome.create();
    home.run(Map.of(), home.script("millrace"), "--help"); // prepares the quick start
    Typed.Printed sent =
        Typed.inPipe()
            .input("1\n2\n")
            .kafka(
                "kafka-console-producer",
                "--bootstrap-server",
                broker.bootstrap(),
                "--topic",
                "watched");
    assertThat(sent.exitCode()).as(sent.err()).isZero();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({
    "millrace, consume watched --follow --group g1, ''",
    "kafka-console-consumer.sh, --topic watched --from-beginning --group g2,"
        + " Processed a total of 2 messages"
  })
  void printsCommitsAndLeaves(String script, String arguments, String told, @TempDir Path folder)
      throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = start(script, arguments, out, err);
    Awaitility.await("both records, see " + err)
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.readString(out).equals("1\n2\n"));

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
    assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
    assertThat(Files.readString(out)).isEqualTo("1\n2\n");
    assertThat(Files.readString(err).strip()).endsWith(told);
    String group = arguments.substring(arguments.lastIndexOf(' ') + 1);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      assertThat(committed.get(new TopicPartition("watched", 0)).offset()).isEqualTo(2);
      assertThat(admin.describeConsumerGroups(List.of(group)).all().get().get(group).members())
          .isEmpty();
    }
  }

  private static Process start(String script, String arguments, Path out, Path err)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(home.script(script)));
    line.addAll(Arrays.asList(arguments.split(" ")));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("MILLRACE_BOOTSTRAP", broker.bootstrap());
    builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }
}
