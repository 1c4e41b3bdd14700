package io.millrace.cli;

import picocli.CommandLine;

/** The entry point. Confined to: the main thread. */
public final class Main {
  private Main() {}

  /** Runs the command that the arguments name; exits when it is done, unless a broker runs. */
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    if (code != StartCommand.RUNNING) {
      System.exit(code);
    }
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new RootCommand());
    line.addSubcommand("start", new StartCommand());
    return line;
  }

  /** What {@code bin/millrace} does without a command: tells how it is used. */
  @CommandLine.Command(
      name = "millrace",
      description = "An event broker that speaks the Apache Kafka protocol.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      versionProvider = Version.class)
  static final class RootCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
      spec.commandLine().usage(System.out);
    }
  }
}
