package io.millrace.cli.kafka;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options that lead to the cluster, as the administrative tools have them; where there are
 * subcommands, before or behind their names. Confined to: the main thread.
 */
final class ToCluster {
  @Option(
      names = "--bootstrap-server",
      scope = ScopeType.INHERIT,
      paramLabel = "HOST:PORT[,...]",
      description = "Brokers to start from. Default: MILLRACE_BOOTSTRAP, else localhost:9092.")
  private @Nullable String servers;

  @Option(
      names = "--command-config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Properties of the admin client, for example of its login.")
  private @Nullable Path file;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  @Option(
      names = "--version",
      versionHelp = true,
      description = "Says which version of Kafka's protocol and of Millrace this is.")
  private boolean version;

  /** Where the cluster is. */
  Bootstrap bootstrap(Shell shell) {
    return Bootstrap.of(servers, file, shell);
  }

  /** An admin client to it. */
  AdminSession open(Shell shell, String clientId) {
    return AdminSession.open(bootstrap(shell), clientId);
  }

  /**
   * An admin client to it, for a tool with an older name of {@code --command-config}.
   *
   * @param olderFile what was given under that name; null for nothing
   */
  AdminSession open(Shell shell, @Nullable Path olderFile, String clientId) {
    if (olderFile != null && file != null) {
      throw ToolException.wrongUsage(
              "--admin.config and --command-config cannot be specified together.")
          .hint("Leave --admin.config out.");
    }
    Path chosen = olderFile != null ? olderFile : file;
    return AdminSession.open(Bootstrap.of(servers, chosen, shell), clientId);
  }
}
