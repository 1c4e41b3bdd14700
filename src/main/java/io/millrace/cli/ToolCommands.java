package io.millrace.cli;

import io.millrace.cli.command.MillraceCommands;
import io.millrace.cli.kafka.KafkaTools;
import io.millrace.cli.tool.Shell;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the tool that a command line names. Confined to: the main thread. */
final class ToolCommands {
  private ToolCommands() {}

  /**
   * Runs it.
   *
   * @return code to exit with; empty when no tool has that name
   */
  static Optional<Integer> run(String... arguments) {
    String name = arguments[0];
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    if (MillraceCommands.has(name)) {
      LogSetup.toErrors();
      return Optional.of(MillraceCommands.run(name, rest, Shell.ofProcess()));
    }
    if (KafkaTools.has(name)) {
      LogSetup.toErrors();
      return Optional.of(KafkaTools.run(name, rest, Shell.ofProcess()));
    }
    return Optional.empty();
  }

  /** What the program can do, for people. */
  static String usage() {
    Shell shell = Shell.ofProcess();
    StringBuilder text = new StringBuilder(Arguments.USAGE);
    text.append("\nCommands for any cluster that speaks the protocol:\n");
    for (String name : MillraceCommands.names()) {
      text.append("  %-12s %s%n".formatted(name, MillraceCommands.summary(name, shell)));
    }
    text.append("\nTools under the names of Apache Kafka's scripts:\n  ");
    text.append(String.join("\n  ", KafkaTools.names()));
    return text.append("\n\nEach takes --help.\n").toString();
  }
}
