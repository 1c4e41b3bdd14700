package io.millrace.cli.command;

import io.millrace.cli.tool.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace groups}: consumer groups. Confined to: the main thread. */
@Command(
    name = "millrace groups",
    sortOptions = false,
    description = "Shows groups, their lag and members; resets and deletes offsets.",
    subcommands = {
      GroupsListCommand.class,
      GroupsDescribeCommand.class,
      GroupsMembersCommand.class,
      GroupsResetCommand.class,
      GroupsDeleteCommand.class,
      GroupsDeleteOffsetsCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  millrace groups describe orders --watch",
      "  millrace groups reset orders clicks:0,1 --to earliest --execute"
    })
final class GroupsCommand implements Callable<Integer> {
  private final Shell shell;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  GroupsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(shell.out());
    return 0;
  }
}
