package io.millrace.cli.command;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class Common {
  @Option(
      names = {"-b", "--bootstrap-server"},
      paramLabel = "HOST:PORT[,...]",
      description = "Brokers to start from. Default: MILLRACE_BOOTSTRAP, else localhost:9092.")
  private @Nullable String servers;

  @Option(
      names = {"-c", "--command-config"},
      paramLabel = "FILE",
      description = "Properties of the client, for example of its login.")
  private @Nullable Path file;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  /** Whether results are printed as JSON. */
  boolean json() {
    return json;
  }

  /** Where the cluster is. */
  Bootstrap bootstrap(Shell shell) {
    return Bootstrap.of(servers, file, shell);
  }

  /** An admin client to it. */
  AdminSession open(Shell shell) {
    return AdminSession.open(bootstrap(shell), "millrace");
  }

  /** Prints rows as it was asked for. */
  void print(Listing listing, Shell shell) {
    listing.print(shell, json);
  }
}
