package io.millrace.cli.kafka;

import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.KeyValues;
import io.millrace.cli.tool.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that lead to the cluster, as the tools that send and receive records have them.
 * Confined to: the main thread.
 */
final class ConnectionOptions {
  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT[,...]",
      description = "Brokers to start from. Default: MILLRACE_BOOTSTRAP, else localhost:9092.")
  private @Nullable String servers;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "Properties of the client; --command-property goes before it.")
  private @Nullable Path file;

  @Option(
      names = "--command-property",
      arity = "1..*",
      paramLabel = "NAME=VALUE",
      description = "A property of the client, for example client.id=me; may be given again.")
  private List<String> properties = new ArrayList<>();

  @Option(names = "--help", usageHelp = true, description = "Shows this text.")
  private boolean help;

  @Option(
      names = "--version",
      versionHelp = true,
      description = "Says which version of Kafka's protocol and of Millrace this is.")
  private boolean version;

  /** Where the cluster is. */
  Bootstrap bootstrap(Shell shell) {
    String named = servers != null ? servers : given().get("bootstrap.servers");
    return Bootstrap.of(named, file, shell);
  }

  /** What the user set: the file, then the properties of the command line. */
  Map<String, String> properties(Bootstrap bootstrap) {
    Map<String, String> all = new HashMap<>(bootstrap.settings());
    all.putAll(given());
    return all;
  }

  private Map<String, String> given() {
    return KeyValues.parse(properties);
  }
}
