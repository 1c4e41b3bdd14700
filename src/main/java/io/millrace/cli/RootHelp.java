package io.millrace.cli;

import io.millrace.cli.command.MillraceCommands;
import io.millrace.cli.kafka.KafkaTools;
import io.millrace.cli.tool.Release;
import io.millrace.cli.tool.Shell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the program can do, on one screen. Confined to: the main thread. */
final class RootHelp {
  private static final int NAME_WIDTH = 13;
  private static final int LINE_WIDTH = 78;

  /** Which command stands under which heading; the others stand under the last. */
  private static final Map<String, List<String>> HEADINGS = new LinkedHashMap<>();

  private static final String REST = "Files and shell";

  static {
    HEADINGS.put(
        "Topics and records", List.of("topics", "produce", "consume", "offsets", "records"));
    HEADINGS.put("Groups", List.of("groups"));
    HEADINGS.put(
        "Cluster", List.of("cluster", "brokers", "configs", "log-dirs", "acls", "transactions"));
    HEADINGS.put("Measuring", List.of("perf", "bench", "verify"));
  }

  private final Shell shell;
  private final StringBuilder text = new StringBuilder();

  private RootHelp(Shell shell) {
    this.shell = shell;
  }

  /** The text, coloured where results may be. */
  static String text(Shell shell) {
    RootHelp help = new RootHelp(shell);
    help.write();
    return help.text.toString();
  }

  private void write() {
    text.append(bold("Millrace " + Release.version()))
        .append(", an event broker that speaks the protocol of Apache Kafka\n\n")
        .append(bold("Usage: "))
        .append("millrace COMMAND [OPTIONS]\n");
    heading("Broker");
    command("start", "Starts a broker and runs it until it is told to stop.");
    Set<String> left = new LinkedHashSet<>(MillraceCommands.names());
    HEADINGS.forEach((heading, names) -> commands(heading, names, left));
    commands(REST, List.copyOf(left), left);
    heading("Under the names of Kafka's scripts, with and without .sh");
    names(KafkaTools.names());
    heading("Examples");
    text.append("  millrace start --override listeners=PLAINTEXT://:9092\n")
        .append("  millrace groups describe orders --watch\n\n")
        .append("millrace COMMAND --help says more; all but start work with any Kafka cluster.\n");
  }

  private void commands(String heading, List<String> names, Set<String> left) {
    List<String> there = names.stream().filter(left::contains).toList();
    if (!there.isEmpty()) {
      heading(heading);
      there.forEach(name -> command(name, MillraceCommands.summary(name, shell)));
      there.forEach(left::remove);
    }
  }

  private void heading(String heading) {
    text.append('\n').append(bold(heading)).append('\n');
  }

  private void command(String name, String summary) {
    String padded = name + " ".repeat(Math.max(1, NAME_WIDTH - name.length()));
    text.append("  ").append(painted(padded)).append(summary).append('\n');
  }

  /** Names in columns, read from top to bottom. */
  private void names(Collection<String> names) {
    List<String> sorted = new ArrayList<>(new TreeSet<>(names));
    int width = 2 + sorted.stream().mapToInt(String::length).max().orElse(0);
    int columns = Math.max(1, LINE_WIDTH / width);
    int lines = (sorted.size() + columns - 1) / columns;
    for (int line = 0; line < lines; line++) {
      StringBuilder row = new StringBuilder(" ");
      for (int at = line; at < sorted.size(); at += lines) {
        String name = sorted.get(at);
        boolean last = at + lines >= sorted.size();
        row.append(' ').append(painted(name));
        row.append(last ? "" : " ".repeat(width - name.length() - 1));
      }
      text.append(row).append('\n');
    }
  }

  private String bold(String words) {
    return shell.coloursOut() ? "\033[1m" + words + "\033[0m" : words;
  }

  private String painted(String words) {
    return shell.coloursOut() ? "\033[36m" + words + "\033[0m" : words;
  }
}
