package io.millrace.cli.command;

import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Shows something again and again until Ctrl-C ends the process: on a terminal in the same place,
 * else one after the other. Confined to: the main thread.
 */
final class Watch {
  private static final String CLEAR = "\033[2J";
  private static final String HOME = "\033[H";
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_SCREEN = "\033[J";

  private Watch() {}

  /**
   * Shows it until the process or its thread is told to end.
   *
   * @param everySeconds pause between
   * @param show writes what is to be seen
   */
  static void repeat(double everySeconds, Shell shell, Consumer<Shell> show) {
    if (!(everySeconds > 0)) {
      throw ToolException.wrongUsage("--watch takes a number of seconds above 0");
    }
    boolean first = true;
    while (!Thread.currentThread().isInterrupted()) {
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      try (PrintStream out = new PrintStream(written, false, StandardCharsets.UTF_8)) {
        show.accept(
            new Shell(out, shell.err(), shell.in(), shell.environment(), shell.terminals()));
      }
      String text = written.toString(StandardCharsets.UTF_8);
      if (shell.outIsTerminal()) {
        // Written over what was there: clearing first would flicker.
        String lines = text.replace("\n", REST_OF_LINE + "\n");
        shell.out().print((first ? CLEAR : "") + HOME + lines + REST_OF_SCREEN);
      } else {
        shell.out().print(text);
      }
      shell.out().flush();
      first = false;
      pause(everySeconds);
    }
  }

  private static void pause(double seconds) {
    try {
      Thread.sleep((long) (seconds * 1000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
