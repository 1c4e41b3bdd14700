package io.millrace.cli;

import io.millrace.cli.command.MillraceCommands;
import io.millrace.cli.kafka.KafkaTools;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.config.Spelling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the tool that a command line names. Confined to: the main thread. */
final class ToolCommands {
  /** What is no tool, or not one of this class. */
  private static final Set<String> OTHERS = Set.of("start", "help");

  private ToolCommands() {}

  /**
   * Runs it.
   *
   * @return code to exit with; empty when the command line names no tool
   */
  static Optional<Integer> run(String... arguments) {
    String name = arguments[0];
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    if (name.equals("help") && !rest.isEmpty() && !rest.get(0).equals("start")) {
      String[] asked = Stream.concat(rest.stream(), Stream.of("--help")).toArray(String[]::new);
      return run(asked);
    }
    if (MillraceCommands.has(name)) {
      LogSetup.toErrors();
      return Optional.of(MillraceCommands.run(name, rest, Shell.ofProcess()));
    }
    if (KafkaTools.has(name)) {
      LogSetup.toErrors();
      return Optional.of(KafkaTools.run(name, rest, Shell.ofProcess()));
    }
    return name.startsWith("-") || OTHERS.contains(name)
        ? Optional.empty()
        : Optional.of(unknown(name, Shell.ofProcess()));
  }

  /** Says that there is no such command. */
  static int unknown(String name, Shell shell) {
    String guess = guess(name).map(one -> "; did you mean " + one + "?").orElse("");
    shell.error("millrace: there is no command '" + name + "'" + guess);
    shell.hint("millrace --help shows all commands");
    shell.flush();
    return ToolException.WRONG_USAGE;
  }

  private static Optional<String> guess(String name) {
    String plain = name.replaceFirst("\\.(sh|bat)$", "");
    if (KafkaTools.has(plain) || MillraceCommands.has(plain)) {
      return Optional.of(plain);
    }
    record Guess(String name, int distance) {}
    return Stream.of(
            Stream.of("start"), MillraceCommands.names().stream(), KafkaTools.names().stream())
        .flatMap(one -> one)
        .map(one -> new Guess(one, Spelling.distance(plain, one)))
        .filter(guess -> guess.distance <= Math.max(1, plain.length() / 3))
        .min(Comparator.comparingInt(Guess::distance))
        .map(Guess::name);
  }

  /** What the program can do, for people. */
  static String usage() {
    return RootHelp.text(Shell.ofProcess());
  }
}
