package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.command.MillraceCommands;
import io.millrace.cli.kafka.KafkaTools;
import io.millrace.cli.tool.Shell;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootHelpTest {
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private Shell shell(String... terminals) {
    return new Shell(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(errors, true, StandardCharsets.UTF_8),
        InputStream.nullInputStream(),
        Map.of("TERM", "xterm"),
        Set.of(terminals));
  }

  @Test
  void showsEachCommandOnceWithItsSentence() {
    String text = RootHelp.text(shell());

    for (String name : MillraceCommands.names()) {
      assertThat(text.lines().filter(line -> line.startsWith("  " + name + " ")))
          .as(name)
          .singleElement()
          .asString()
          .endsWith(".");
    }
    assertThat(text).contains(KafkaTools.names());
  }

  @Test
  void fitsIntoATerminal() {
    assertThat(RootHelp.text(shell()).lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(86));
  }

  @Test
  void hasColoursOnATerminalOnly() {
    assertThat(RootHelp.text(shell())).doesNotContain("\033");
    assertThat(RootHelp.text(shell("out"))).contains("\033[36m");
  }

  @ParameterizedTest
  @CsvSource({
    "gruops, groups",
    "strat, start",
    "kafka-topic, kafka-topics",
    "kafka-consumer-groups.sh, kafka-consumer-groups"
  })
  void guessesTheCommandThatWasMeant(String typed, String meant) {
    int code = ToolCommands.unknown(typed, shell());

    assertThat(code).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .startsWith("millrace: there is no command '" + typed + "'; did you mean " + meant + "?\n");
  }

  @Test
  void guessesNothingForSomethingElse() {
    ToolCommands.unknown("xyzzy", shell());

    assertThat(errors.toString(StandardCharsets.UTF_8))
        .startsWith("millrace: there is no command 'xyzzy'\n");
  }
}
