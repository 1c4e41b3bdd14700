package io.millrace.cli.command;

import io.millrace.cli.tool.OldSpellings;
import io.millrace.cli.tool.OwnOptions;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.cli.tool.ToolRunner;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** Millrace's own commands by name. Each is made only when it is asked for. Immutable. */
public final class MillraceCommands {
  private static final Map<String, Function<Shell, Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("bench", BenchCommand::new);
    COMMANDS.put("brokers", BrokersCommand::new);
    COMMANDS.put("cluster", ClusterCommand::new);
    COMMANDS.put("completion", CompletionCommand::new);
    COMMANDS.put("configs", ConfigsCommand::new);
    COMMANDS.put("consume", ConsumeCommand::new);
    COMMANDS.put("dump-log", DumpLogCommand::new);
    COMMANDS.put("groups", GroupsCommand::new);
    COMMANDS.put("log-dirs", LogDirsCommand::new);
    COMMANDS.put("offsets", OffsetsCommand::new);
    COMMANDS.put("produce", ProduceCommand::new);
    COMMANDS.put("records", RecordsCommand::new);
    COMMANDS.put("topics", TopicsCommand::new);
  }

  private MillraceCommands() {}

  /** Whether there is a command of this name. */
  public static boolean has(String name) {
    return COMMANDS.containsKey(name);
  }

  /** The names, in the order of the help. */
  public static Collection<String> names() {
    return COMMANDS.keySet();
  }

  /** What a command is for, in a sentence. */
  public static String summary(String name, Shell shell) {
    String[] lines =
        ToolRunner.describe(command(name, shell), shell)
            .getCommandSpec()
            .usageMessage()
            .description();
    return lines.length == 0 ? "" : lines[0];
  }

  /** The command behind a name, for help and completion. */
  public static Object command(String name, Shell shell) {
    return COMMANDS.get(name).apply(shell);
  }

  /**
   * Runs a command.
   *
   * @param name one of {@link #names}
   * @param arguments as they were typed
   * @return code to exit with
   */
  public static int run(String name, List<String> arguments, Shell shell) {
    CommandLine line = ToolRunner.describe(command(name, shell), shell);
    List<String> today = OldSpellings.today(arguments, OwnOptions.of(line), shell);
    return ToolRunner.run(line, today, shell, ToolException.WRONG_USAGE);
  }
}
