package io.millrace.testkit;

import io.millrace.cli.command.MillraceCommands;
import io.millrace.cli.kafka.KafkaTools;
import io.millrace.cli.tool.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What somebody types, and where: a command of ours runs in this process and its output is kept.
 *
 * @param environment variables the command sees
 * @param terminals which of the streams ("in", "out", "err") are a terminal
 * @param input what is typed or piped in
 *     <p>Immutable.
 */
public record Typed(Map<String, String> environment, Set<String> terminals, String input) {

  /**
   * What it printed.
   *
   * @param exitCode its exit code
   * @param out all of its standard output
   * @param err all of its standard error
   */
  public record Printed(int exitCode, String out, String err) {
    /** Lines of the standard output. */
    public List<String> lines() {
      return out.lines().toList();
    }

    /** Lines of the standard error. */
    public List<String> errorLines() {
      return err.lines().toList();
    }
  }

  /** In a pipe, with an empty environment. */
  public static Typed inPipe() {
    return new Typed(Map.of(), Set.of(), "");
  }

  /** On a terminal without colours. */
  public static Typed onTerminal() {
    return new Typed(Map.of("NO_COLOR", "1"), Set.of("in", "out", "err"), "");
  }

  /** The same with these variables. */
  public Typed with(Map<String, String> variables) {
    return new Typed(variables, terminals, input);
  }

  /** The same with this input. */
  public Typed input(String text) {
    return new Typed(environment, terminals, text);
  }

  /** Runs a tool by the name of Kafka's script ({@code kafka-topics}). */
  public Printed kafka(String name, String... arguments) {
    return run(shell -> KafkaTools.run(name, List.of(arguments), shell));
  }

  /** Runs a command of Millrace ({@code topics}). */
  public Printed millrace(String name, String... arguments) {
    return run(shell -> MillraceCommands.run(name, List.of(arguments), shell));
  }

  private interface Command {
    int run(Shell shell);
  }

  private Printed run(Command command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Shell shell =
        new Shell(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            environment,
            terminals);
    int code = command.run(shell);
    shell.flush();
    return new Printed(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
