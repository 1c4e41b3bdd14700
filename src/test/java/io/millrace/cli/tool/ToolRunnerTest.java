package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What people are told when a command fails. */
class ToolRunnerTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** A command whose request is never answered. */
  @Command(name = "waits")
  static final class Waits implements Callable<Integer> {
    @Option(names = {"-b", "--bootstrap-server"})
    private String servers = "";

    @Override
    public Integer call() {
      throw new TimeoutException("it took too long");
    }
  }

  /** What has commands below it, and an option of its own. */
  @Command(name = "has", subcommands = Waits.class)
  static final class Has implements Callable<Integer> {
    @Option(names = {"-b", "--bootstrap-server"})
    private String servers = "";

    @Option(names = "--all")
    private boolean all;

    @Override
    public Integer call() {
      return 0;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-b here:19092 waits, here:19092",
    "waits -b here:19092, here:19092",
    "-b there:1 waits -b here:19092, here:19092"
  })
  void optionsBeforeASubcommandAreItsOwn(String typed, String address) {
    assertThat(run(new Has(), typed)).isEqualTo(ToolException.NOT_REACHED);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("No answer from " + address);
  }

  @Test
  void optionsThatASubcommandDoesNotHaveAreRefusedBeforeIt() {
    assertThat(run(new Has(), "--all waits")).isEqualTo(ToolException.WRONG_USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("'--all' says nothing before 'waits'");
  }

  private int run(Object command, String typed) {
    return ToolRunner.run(
        ToolRunner.describe(command, shell()),
        List.of(typed.split(" ")),
        shell(),
        ToolException.WRONG_USAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "'', localhost:9092",
    "-b here:19092, here:19092",
    "--bootstrap-server=a:1;b, 'a:1,b:9092'"
  })
  void silenceIsToldWithTheAddressThatWasAsked(String typed, String address) {
    List<String> arguments =
        typed.isEmpty() ? List.of() : List.of(typed.replace(';', ',').split(" "));

    assertThat(
            ToolRunner.run(
                ToolRunner.describe(new Waits(), shell()),
                arguments,
                shell(),
                ToolException.WRONG_USAGE))
        .isEqualTo(ToolException.NOT_REACHED);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("No answer from " + address + " in time: it took too long.")
        .doesNotContain("\tat ");
  }

  @Test
  void optionsAreThoseOfTheCommandWithTheirDashes() {
    assertThat(OwnOptions.of(ToolRunner.describe(new Waits(), shell())).names())
        .containsExactlyInAnyOrder("-b", "--bootstrap-server");
  }

  private Shell shell() {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Shell(stream, stream, InputStream.nullInputStream(), Map.of(), Set.of());
  }
}
