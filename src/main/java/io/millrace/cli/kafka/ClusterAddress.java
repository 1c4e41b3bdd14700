package io.millrace.cli.kafka;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that lead to the cluster, as {@code kafka-cluster} has them. */
final class ClusterAddress {
  @Option(
      names = {"-b", "--bootstrap-server"},
      paramLabel = "HOST:PORT[,...]",
      description = "Brokers to start from. Default: MILLRACE_BOOTSTRAP, else localhost:9092.")
  private @Nullable String servers;

  @Option(
      names = {"-C", "--bootstrap-controller"},
      paramLabel = "HOST:PORT[,...]",
      description = "Taken as --bootstrap-server, since every broker answers for the controller.")
  private @Nullable String controllers;

  @Option(
      names = {"-c", "--command-config"},
      paramLabel = "FILE",
      description = "Properties of the admin client, for example of its login.")
  private @Nullable Path file;

  @Option(names = "--config", paramLabel = "FILE", description = "Older name of the same.")
  private @Nullable Path oldFile;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  AdminSession open(Shell shell) {
    if (servers != null && controllers != null) {
      throw ToolException.wrongUsage(
              "You cannot specify both --bootstrap-controller and --bootstrap-server.")
          .hint("Leave --bootstrap-controller out.");
    }
    if (file != null && oldFile != null) {
      throw ToolException.wrongUsage("--config and --command-config cannot be specified together.")
          .hint("Leave --config out.");
    }
    if (oldFile != null) {
      shell
          .out()
          .println(
              "Option --config has been deprecated and will be removed in a future version. Use"
                  + " --command-config instead.");
    }
    if (controllers != null) {
      shell.hint("every broker answers for the controller; taken as --bootstrap-server");
    }
    return AdminSession.open(
        Bootstrap.of(servers != null ? servers : controllers, file != null ? file : oldFile, shell),
        "kafka-cluster");
  }
}
