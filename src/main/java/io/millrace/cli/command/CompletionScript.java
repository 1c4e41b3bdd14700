package io.millrace.cli.command;

import io.millrace.cli.kafka.KafkaTools;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolRunner;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Makes the script that completes commands, from the commands themselves. Stateless. */
final class CompletionScript {
  private CompletionScript() {}

  /** The script; bash and zsh read the same one, which asks who reads it. */
  static String make(Shell shell) {
    StringBuilder script = new StringBuilder();
    script.append(plain(AutoComplete.bash("millrace", millrace(shell))));
    for (String name : KafkaTools.names()) {
      CommandLine tool = ToolRunner.describe(KafkaTools.command(name, shell), shell);
      String own = AutoComplete.bash(name, tool);
      // The functions before are the same for all commands.
      script.append(plain(own.substring(own.indexOf("function _complete_" + name))));
    }
    return script.toString();
  }

  /** Without comments and empty lines: a shell reads it at each of its starts. */
  private static String plain(String script) {
    return script
        .lines()
        .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static CommandLine millrace(Shell shell) {
    CommandLine root = new CommandLine(CommandSpec.create().name("millrace"));
    root.getCommandSpec()
        .addOption(OptionSpec.builder("--help", "-h").build())
        .addOption(OptionSpec.builder("--version", "-V").build());
    root.addSubcommand("start", new CommandLine(start()));
    for (String name : MillraceCommands.names()) {
      root.addSubcommand(name, ToolRunner.describe(MillraceCommands.command(name, shell), shell));
    }
    return root;
  }

  /** The options of the start, which reads them without a library. */
  private static CommandSpec start() {
    return CommandSpec.create()
        .name("start")
        .addOption(OptionSpec.builder("--config").type(Path.class).build())
        .addOption(OptionSpec.builder("--override").type(String.class).build())
        .addOption(OptionSpec.builder("--check-config").build())
        .addOption(OptionSpec.builder("--import").build())
        .addOption(OptionSpec.builder("--help").build());
  }
}
