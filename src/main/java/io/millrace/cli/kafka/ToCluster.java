package io.millrace.cli.kafka;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Shell;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that lead to the cluster, as the administrative tools have them. */
final class ToCluster {
  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT[,...]",
      description = "Brokers to start from. Default: MILLRACE_BOOTSTRAP, else localhost:9092.")
  private @Nullable String servers;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "Properties of the admin client, for example of its login.")
  private @Nullable Path file;

  @Option(names = "--help", usageHelp = true, description = "Shows this text.")
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
}
