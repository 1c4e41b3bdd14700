package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.Typed;
import io.vertx.core.json.JsonArray;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Millrace's own administrative commands at a broker. */
@Tag("it")
class MillraceToolsIT {
  private static BrokerProcess broker;
  private static Typed pipe;

  @BeforeAll
  static void start() {
    broker = BrokerProcess.start(Folders.empty("millrace-tools"));
    pipe = Typed.inPipe().with(Map.of("MILLRACE_BOOTSTRAP", broker.bootstrap()));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void topicsAreCreatedShownAlteredAndDeleted() {
    assertThat(
            pipe.millrace(
                    "topics",
                    "create",
                    "made.a",
                    "made.b",
                    "-p",
                    "2",
                    "--replication-factor",
                    "1",
                    "--set",
                    "retention.ms=7d")
                .lines())
        .containsExactly("made.a\t2\t1", "made.b\t2\t1");
    assertThat(pipe.millrace("topics", "list", "made.*").lines())
        .containsExactly("made.a\t2\t1\t0", "made.b\t2\t1\t0");
    assertThat(pipe.millrace("topics", "describe", "made.a").lines())
        .containsExactly("made.a\t0\t0\t0\t0\t0\t0\t0", "made.a\t1\t0\t0\t0\t0\t0\t0");
    JsonArray json = new JsonArray(pipe.millrace("topics", "describe", "made.a", "--json").out());
    assertThat(json.getJsonObject(0).getJsonObject("settings").getString("retention.ms"))
        .isEqualTo("604800000");

    assertThat(pipe.millrace("topics", "alter", "made.a", "-p", "3").exitCode()).isZero();
    assertThat(pipe.millrace("topics", "list", "made.a").lines())
        .containsExactly("made.a\t3\t1\t0");

    Typed.Printed unsure = pipe.millrace("topics", "delete", "made.*");
    assertThat(unsure.exitCode()).isEqualTo(2);
    assertThat(unsure.errorLines())
        .containsExactly(
            "That deletes 2 topics: made.a, made.b", "hint: Add --yes to delete them.");
    assertThat(pipe.millrace("topics", "delete", "made.*", "--yes").lines())
        .containsExactly("made.a", "made.b");
    assertThat(pipe.millrace("topics", "delete", "made.a", "--if-exists").exitCode()).isZero();
  }

  @Test
  @Timeout(20)
  void unknownTopicIsToldAtOnceWithTheNameThatWasMeant() {
    pipe.millrace("topics", "create", "hello.kafka");

    for (String command : new String[] {"offsets", "topics"}) {
      Typed.Printed printed =
          command.equals("topics")
              ? pipe.millrace("topics", "describe", "helo.kafka")
              : pipe.millrace("offsets", "helo.kafka");
      assertThat(printed.exitCode()).isEqualTo(1);
      assertThat(printed.errorLines())
          .containsExactly("There is no topic 'helo.kafka'.", "hint: Did you mean hello.kafka?");
    }
  }

  @Test
  void settingsAreMadeShownAndDropped() {
    pipe.millrace("topics", "create", "set");

    assertThat(pipe.millrace("configs", "set", "-t", "set", "retention.ms=1h").lines())
        .containsExactly("retention.ms\t3600000\ttopic set");
    assertThat(pipe.millrace("configs", "describe", "-t", "set").lines())
        .containsExactly("retention.ms\t3600000\ttopic");
    assertThat(
            Typed.onTerminal()
                .millrace("configs", "describe", "-t", "set", "-b", broker.bootstrap())
                .lines())
        .containsExactly("KEY           VALUE  SOURCE", "retention.ms     1h  topic");
    assertThat(pipe.millrace("configs", "unset", "-t", "set", "retention.ms").exitCode()).isZero();
    assertThat(pipe.millrace("configs", "describe", "-t", "set").out()).isEmpty();
    Typed.Printed mistaken = pipe.millrace("configs", "set", "-t", "set", "retenton.ms=1h");
    assertThat(mistaken.exitCode()).isEqualTo(1);
    assertThat(mistaken.errorLines())
        .containsExactly("Unknown topic config name: retenton.ms; did you mean retention.ms?");
    assertThat(pipe.millrace("configs", "set", "retention.ms=1h").exitCode()).isEqualTo(2);
  }

  @Test
  void recordsAreDeletedUpToTheEnd() {
    pipe.millrace("topics", "create", "emptied");

    assertThat(pipe.millrace("records", "delete", "emptied", "0", "end").lines())
        .containsExactly("emptied\t0\t0");
    Typed.Printed beyond = pipe.millrace("records", "delete", "emptied", "0", "7");
    assertThat(beyond.exitCode()).isEqualTo(1);
    assertThat(beyond.err()).contains("emptied-0: The requested offset is not within the range");
  }

  @Test
  void clusterIsShown() {
    assertThat(pipe.millrace("brokers").lines())
        .containsExactly("0\t" + broker.bootstrap() + "\t\tyes");
    assertThat(pipe.millrace("brokers", "api-versions", "--broker", "0").lines())
        .contains("0\tProduce\t0\t0\t13\t13");
    assertThat(pipe.millrace("log-dirs").lines())
        .singleElement()
        .asString()
        .startsWith("0\t" + broker.data())
        .endsWith("\tonline");
    assertThat(pipe.millrace("cluster", "--json").out()).contains("\"under_replicated\" : 0");
  }

  @Test
  @Timeout(20)
  void brokerThatIsNotThereIsToldByItsAddress() throws Exception {
    int port = BrokerProcess.freePort();
    Typed.Printed printed = Typed.inPipe().millrace("topics", "-b", "127.0.0.1:" + port);

    assertThat(printed.exitCode()).isEqualTo(3);
    assertThat(printed.errorLines().get(0)).startsWith("No broker answers at 127.0.0.1:" + port);
  }
}
