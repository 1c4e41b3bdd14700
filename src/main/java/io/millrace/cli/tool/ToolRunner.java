package io.millrace.cli.tool;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command that is described by picocli's annotations: reads its arguments, calls it, and
 * says in a sentence why it failed. Stateless.
 */
public final class ToolRunner {
  private static final String DEBUG = "MILLRACE_DEBUG";

  /** Room for the names of options in a help text. */
  private static final int OPTIONS_WIDTH = 34;

  /** With more options than this, the first line of a help text only says that there are some. */
  private static final int SYNOPSIS_MAX = 6;

  private ToolRunner() {}

  /**
   * Runs it.
   *
   * @param line a command that {@link #describe} described
   * @param arguments after {@link OldSpellings}
   * @param wrongUsage exit code for a command line that makes no sense
   * @return code to exit with
   */
  public static int run(CommandLine line, List<String> arguments, Shell shell, int wrongUsage) {
    line.setParameterExceptionHandler((failure, all) -> misunderstood(failure, shell, wrongUsage));
    line.setExecutionExceptionHandler(
        (failure, at, parsed) -> failed(failure, parsed, shell, wrongUsage));
    line.setExecutionStrategy(
        parsed -> {
          passDown(parsed);
          return new RunLast().execute(parsed);
        });
    int code = line.execute(arguments.toArray(String[]::new));
    shell.flush();
    return code;
  }

  /**
   * Gives a subcommand the options that stand before its name, as in {@code topics -b HOST list}:
   * without them it would look for the cluster elsewhere. There are no more than two levels.
   */
  private static void passDown(ParseResult parsed) {
    if (!parsed.hasSubcommand()) {
      return;
    }
    ParseResult below = parsed.subcommand();
    for (OptionSpec given : parsed.matchedOptionsSet()) {
      OptionSpec same = below.commandSpec().findOption(given.longestName());
      if (same == null) {
        throw new ParameterException(
            below.commandSpec().commandLine(),
            "'%s' says nothing before '%s'"
                .formatted(given.longestName(), below.commandSpec().name()));
      }
      if (!below.hasMatchedOption(same)) {
        same.setValue(given.getValue());
      }
    }
  }

  /**
   * The description of a command: what it takes, how it is run, its help.
   *
   * @param command a {@link Callable} of the exit code, or the parent of such
   */
  public static CommandLine describe(Object command, Shell shell) {
    CommandLine line = new CommandLine(command, factory(shell));
    line.setAbbreviatedOptionsAllowed(true);
    line.setUsageHelpAutoWidth(true);
    // An argument that begins with @ is a text like any other.
    line.setExpandAtFiles(false);
    line.setUsageHelpLongOptionsMaxWidth(OPTIONS_WIDTH);
    shape(line);
    line.setOut(new PrintWriter(shell.out(), true));
    line.setErr(new PrintWriter(shell.err(), true));
    line.setColorScheme(colours(shell.coloursOut() ? Ansi.ON : Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** Air between the parts of a help text, and no list of all options above the list of them. */
  private static void shape(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    spec.usageMessage()
        .abbreviateSynopsis(spec.options().size() > SYNOPSIS_MAX)
        .descriptionHeading("%n")
        .parameterListHeading("%n")
        .optionListHeading("%n")
        .commandListHeading("%nCommands:%n");
    line.getSubcommands().values().forEach(ToolRunner::shape);
  }

  private static ColorScheme colours(Ansi ansi) {
    return CommandLine.Help.defaultColorScheme(ansi);
  }

  /** Makes commands that want the shell, and all else as picocli does. */
  private static IFactory factory(Shell shell) {
    IFactory usual = CommandLine.defaultFactory();
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (var constructor : type.getDeclaredConstructors()) {
          if (constructor.getParameterCount() == 1
              && constructor.getParameterTypes()[0] == Shell.class) {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(shell));
          }
        }
        return usual.create(type);
      }
    };
  }

  private static int misunderstood(ParameterException failure, Shell shell, int code) {
    CommandLine at = failure.getCommandLine();
    String name = at.getCommandSpec().qualifiedName();
    shell.out().flush();
    shell.error(name + ": " + sentence(failure));
    shell.hint(name + " --help shows what it takes");
    return code;
  }

  private static String sentence(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      String typed = unmatched.getUnmatched().get(0);
      String hint = DidYouMean.hint(typed, unmatched);
      boolean bare = !typed.startsWith("-") && hint.contains(" --");
      return "'" + typed + "' " + (bare ? "has no dashes" : "is not understood") + hint;
    }
    if (failure instanceof MissingParameterException) {
      String message = String.valueOf(failure.getMessage());
      return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
    return String.valueOf(failure.getMessage());
  }

  private static int failed(Exception failure, ParseResult parsed, Shell shell, int wrongUsage) {
    ToolException known =
        failure instanceof ToolException told
            ? told
            : Failures.explain(failure, servers(parsed, shell));
    shell.out().flush();
    shell.error(known.getMessage());
    known.hint().ifPresent(shell::hint);
    if (shell.variable(DEBUG).isPresent()) {
      failure.printStackTrace(shell.err());
    }
    return wrongUsage == ToolException.FAILED ? ToolException.FAILED : known.exitCode();
  }

  /** Where the command looked for the cluster. */
  private static String servers(ParseResult parsed, Shell shell) {
    String named = value(parsed, "--bootstrap-server");
    Path file = value(parsed, "--command-config");
    return Bootstrap.of(named, file, shell).servers();
  }

  private static <T> @Nullable T value(ParseResult parsed, String option) {
    T below = parsed.hasSubcommand() ? value(parsed.subcommand(), option) : null;
    return below != null ? below : parsed.matchedOptionValue(option, null);
  }
}
