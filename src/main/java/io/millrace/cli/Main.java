package io.millrace.cli;

import io.millrace.app.StartException;
import io.millrace.cli.tool.Release;
import io.millrace.config.ConfigException;
import java.util.Arrays;
import java.util.Optional;

/** The entry point. Confined to: the main thread. */
public final class Main {
  /** The command is done, and the process goes on. */
  static final int RUNNING = -1;

  private static final int DONE = 0;
  private static final int FAILED = 1;

  private Main() {}

  /** Runs the command that the arguments name; exits when it is done, unless a broker runs. */
  public static void main(String[] arguments) {
    int code = run(arguments);
    if (code != RUNNING) {
      System.exit(code);
    }
  }

  private static int run(String... arguments) {
    try {
      // Tools first, and each behind a door of its own: a start loads none of their classes.
      if (arguments.length > 0 && !arguments[0].equals("start")) {
        Optional<Integer> code = ToolCommands.run(arguments);
        if (code.isPresent()) {
          return code.get();
        }
      }
      Arguments asked = Arguments.parse(arguments);
      if (asked instanceof Arguments.Start start) {
        return new StartCommand(start).run();
      }
      System.out.print(asked instanceof Arguments.Version ? version() : usage(arguments));
      return DONE;
    } catch (ConfigException | StartException e) {
      System.err.println(e.getMessage());
      return FAILED;
    }
  }

  /** How the start is called when that was asked for, else what there is. */
  private static String usage(String... arguments) {
    boolean ofStart = Arrays.asList(arguments).contains("start");
    return ofStart ? Arguments.USAGE : ToolCommands.usage();
  }

  private static String version() {
    return "Millrace " + Release.version() + " (Java " + Runtime.version().feature() + ")\n";
  }
}
