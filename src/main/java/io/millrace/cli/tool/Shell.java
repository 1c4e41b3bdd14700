package io.millrace.cli.tool;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a command sees of its surroundings: streams, environment, and whether a person watches.
 *
 * @param out where results go
 * @param err where hints, errors and progress go
 * @param in what is typed or piped in
 * @param environment variables
 * @param terminals which of the streams ("in", "out", "err") are a terminal
 *     <p>Immutable; the streams are confined to the main thread unless a command says otherwise.
 */
public record Shell(
    PrintStream out,
    PrintStream err,
    InputStream in,
    Map<String, String> environment,
    Set<String> terminals) {
  /** Set by the start script, which can ask the system: a list such as "out,err". */
  private static final String TERMINALS = "millrace.terminals";

  private static final int BUFFER_BYTES = 1 << 16;

  /** The surroundings of this process. Text is UTF-8 everywhere; output is buffered per line. */
  public static Shell ofProcess() {
    String told = System.getProperty(TERMINALS);
    Set<String> terminals =
        told != null
            ? Set.of(told.split(","))
            : System.console() != null ? Set.of("in", "out", "err") : Set.of();
    return new Shell(
        stream(new FileOutputStream(FileDescriptor.out), terminals.contains("out")),
        stream(new FileOutputStream(FileDescriptor.err), true),
        System.in,
        System.getenv(),
        terminals);
  }

  private static PrintStream stream(OutputStream raw, boolean promptly) {
    return new PrintStream(
        new BufferedOutputStream(raw, BUFFER_BYTES), promptly, StandardCharsets.UTF_8);
  }

  /** A variable of the environment that is set and not blank. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  /** Whether a person reads the results. */
  public boolean outIsTerminal() {
    return terminals.contains("out");
  }

  /** Whether a person types the input. */
  public boolean inIsTerminal() {
    return terminals.contains("in");
  }

  /** Whether a person reads hints and progress. */
  public boolean errIsTerminal() {
    return terminals.contains("err");
  }

  /** Whether results may be coloured. */
  public boolean coloursOut() {
    return outIsTerminal() && colours();
  }

  /** Whether hints and errors may be coloured. */
  public boolean coloursErr() {
    return errIsTerminal() && colours();
  }

  private boolean colours() {
    return variable("NO_COLOR").isEmpty() && !"dumb".equals(environment.get("TERM"));
  }

  /** Says on the side what could be typed instead, or what was understood; one line. */
  public void hint(String sentence) {
    String faint = coloursErr() ? "\033[2m" : "";
    err.println(faint + "hint: " + sentence + (faint.isEmpty() ? "" : "\033[0m"));
  }

  /** Says what was wrong; one line. */
  public void error(String sentence) {
    boolean coloured = coloursErr();
    err.println((coloured ? "\033[31m" : "") + sentence + (coloured ? "\033[0m" : ""));
  }

  /** Writes out what is buffered. */
  public void flush() {
    out.flush();
    err.flush();
  }
}
