package io.millrace.cli.command;

import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace configs}: settings of topics and brokers. Confined to: the main thread. */
@Command(
    name = "millrace configs",
    sortOptions = false,
    subcommands = {ConfigsList.class, ConfigsDescribe.class, ConfigsSet.class, ConfigsUnset.class},
    description = "Shows and changes settings of topics and brokers.")
final class ConfigsCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  ConfigsCommand(Shell shell) {}

  @Override
  public Integer call() {
    throw ToolException.wrongUsage("Say what to do: list, describe, set or unset")
        .hint("For example: millrace configs describe --topic hello.kafka");
  }
}
